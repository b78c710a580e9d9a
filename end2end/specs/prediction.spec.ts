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
  await expect(page.getByText("by now")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Add / })).toHaveCount(0);
});
