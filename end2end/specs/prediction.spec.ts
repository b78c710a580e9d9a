import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";

test("the prediction can be had before a run; without scripts it takes a click and keeps secrets out of the address", async ({
  page,
}) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.scope("email").check();
  await playground.person("Dana").check();
  await page.getByLabel("Your own scope").fill("loyalty");
  const update = page.getByRole("button", { name: "Update the prediction" });
  if (await update.isVisible()) {
    await update.click();
    expect(page.url()).toContain("scope=email");
    expect(page.url()).not.toContain("code_verifier");
  }
  await expect(playground.row("email")).toHaveClass(/lost/);
  await expect(playground.row("loyalty")).toHaveClass(/lost/);
  await expect(playground.person("Dana")).toBeChecked();
  await expect(playground.url).toContainText("code_challenge");
  await playground.run();
  await expect(playground.row("email")).toHaveClass(/lost/);
});

test("an old run does not offer what is done by now", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const first = page.url();
  await playground.addAndRunAgain();
  await page.goto(first);
  await expect(playground.verdict).toContainText("address was dropped");
  await expect(page.locator(".verdict").getByText("by now")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Add / })).toHaveCount(0);
});

test("a claim can be asked for by name, beyond the token policy, and comes as predicted", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByText("response_type, max_age, claims, your own").click();
  await page.getByLabel("claims", { exact: true }).fill('{"userinfo":{"email":null},"id_token":{"nickname":null}}');
  await page.getByLabel("max_age").fill("300");
  await page.getByLabel("Name of your own parameter 1").fill("tenant");
  await page.getByLabel("Value of your own parameter 1").fill("blue & green");
  const update = page.getByRole("button", { name: "Update the prediction" });
  if (await update.isVisible()) await update.click();
  await expect(playground.userinfo).toContainText('"email": "');
  await expect(page.getByText("The ID token will hold nickname, too.")).toBeVisible();
  await expect(playground.url).toContainText("max_age=300");
  await expect(playground.url).toContainText("tenant=blue+%26+green");

  await playground.run();
  await expect(playground.verdict).toContainText("address was dropped");
  await expect(playground.userinfo).toContainText('"email": "');
  await expect(playground.url).toContainText("tenant=blue+%26+green");
});

test("what is wrong with claims is said beside the field and foreseen, and what was typed stays", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByText("response_type, max_age, claims, your own").click();
  const claims = page.getByLabel("claims", { exact: true });
  await claims.fill("[1");
  const update = page.getByRole("button", { name: "Update the prediction" });
  if (await update.isVisible()) await update.click();
  await expect(playground.verdict).toContainText("will be refused");
  await expect(page.getByText("It cannot be read: claims must be a JSON object.")).toBeAttached();
  await expect(claims).toHaveValue("[1");
  await playground.run();
  await expect(page.getByRole("status")).toContainText("claims must be a JSON object");
});

test("the confidential client runs with its own policy", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByLabel("Client", { exact: true }).selectOption({ label: "Storefront server (confidential)" });
  await playground.run();
  await expect(page.getByRole("status")).not.toContainText("dropped");
  await expect(playground.userinfo).toContainText('"street_address"');
});

test("a response type that the login policy does not allow is foreseen, and refused as foreseen", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByText("response_type, max_age, claims, your own").click();
  await page.getByLabel("response_type").selectOption("code id_token");
  const update = page.getByRole("button", { name: "Update the prediction" });
  const scripted = !(await update.isVisible());
  if (!scripted) await update.click();
  await expect(playground.verdict).toContainText("will be refused");
  await expect(playground.url).toContainText("response_mode=form_post");
  await playground.unfold();
  await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
  // The answer is a form, which without scripts takes a click.
  if (!scripted) await page.getByRole("button", { name: "Continue" }).click();
  await playground.finished();
  await expect(page.getByRole("status")).toContainText("unsupported_response_type");
  await expect(page.getByText("POST").first()).toBeVisible();
});
