import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";
import { Policies } from "../pages/policies";

test("story A by hand: copy, edit, and PUT with all properties", async ({ page }) => {
  const playground = new Playground(page);
  const policies = new Policies(page);
  await playground.open();
  await playground.run();
  await expect(playground.verdict).toContainText("address was dropped");

  await policies.open("Storefront");
  await page.getByRole("link", { name: "Copy it" }).click();
  await policies.settled();
  await policies.send("Create it");
  await expect(page.getByRole("heading", { level: 1, name: "Copy of Storefront" })).toBeVisible();
  await policies.settled();

  // The trap, before it bites.
  const whole = JSON.parse(await policies.json.inputValue());
  await policies.json.fill(JSON.stringify({ title: whole.title }, null, 2));
  await policies.look();
  await expect(policies.row("allowedScopes")).toContainText("That allows every scope of the discovery document");
  await expect(policies.row("allowedScopes")).toContainText("left out");
  await expect(page.getByRole("checkbox", { name: /^phone/ })).toBeChecked();

  // All properties, and the one scope that was missing.
  whole.allowedScopes.push("address");
  await policies.json.fill(JSON.stringify(whole, null, 2));
  await policies.look();
  await expect(policies.row("allowedScopes")).toContainText("Added: address.");
  await expect(page.getByRole("checkbox", { name: /^phone/ })).not.toBeChecked();
  await policies.send();
  await expect(page.getByRole("status")).toContainText("The policy is changed.");
  await page.getByText(/^3 calls/).click();
  await expect(page.locator(".transcript > li")).toHaveCount(3);

  await page.getByLabel("Give this policy to").selectOption({ label: "Storefront" });
  await page.getByRole("button", { name: "Assign" }).click();
  await expect(page.getByRole("status")).toContainText("The client has another policy now.");

  await playground.open();
  await playground.run();
  await expect(playground.userinfo).toContainText('"street_address"');
});

test("the fields and the JSON stay in step", async ({ page }) => {
  const policies = new Policies(page);
  await policies.open("Storefront");
  await page.getByRole("checkbox", { name: /^email/ }).check();
  await page.getByLabel("Access tokens live, in seconds").fill("1800");
  await policies.look();
  await expect(policies.row("allowedScopes")).toContainText("Added: email.");
  await expect(policies.json).toHaveValue(/"accessTokenLifetime": 1800/);

  await policies.json.fill('{\n  "title": "Shop",\n  "allowedScopes": ["openid", "own"],\n}');
  await policies.look();
  await expect(page.locator("#region-review")).toContainText("Line 4, column 1: trailing comma.");
  await policies.json.fill('{\n  "title": "Shop",\n  "allowedScopes": ["openid", "own"]\n}');
  await policies.look();
  await expect(page.getByLabel("Title")).toHaveValue("Shop");
  await expect(page.getByLabel("Further scopes")).toHaveValue("own");
  await expect(page.getByRole("checkbox", { name: /^email/ })).not.toBeChecked();
});

test("a body that is wrong is told with its line, and stays", async ({ page }) => {
  const policies = new Policies(page);
  await policies.open("Storefront");
  const wrong = '{\n  "title": "Shop",\n  "accessTokenLifetime": 5\n}';
  await policies.json.fill(wrong);
  await policies.send();
  await expect(page.locator("#json-problem")).toContainText("Line 3, column 26: accessTokenLifetime");
  await expect(page.locator("#accessTokenLifetime-problem")).toContainText("greater than or equal to 60");
  await expect(policies.json).toHaveValue(wrong);
});

test("two tabs: the second is told, and decides", async ({ page, context }) => {
  const one = new Policies(page);
  await one.open("Storefront");
  const two = new Policies(await context.newPage());
  await two.open("Storefront");
  await one.page.getByLabel("Title").fill("From one");
  await one.send();
  await expect(one.page.getByRole("heading", { level: 1, name: "From one" })).toBeVisible();

  await two.page.getByLabel("Title").fill("From two");
  await two.send();
  const conflict = two.page.getByRole("region", { name: "It was changed since you opened this page" });
  await expect(conflict).toContainText("From one");
  await expect(conflict).toContainText("From two");
  await expect(two.page.getByLabel("Title")).toHaveValue("From two");
  await two.page.getByRole("button", { name: "Overwrite their change with mine" }).click();
  await expect(two.page.getByRole("heading", { level: 1, name: "From two" })).toBeVisible();
});

test("a policy in use is not deleted, and the way out is on the page", async ({ page }) => {
  const policies = new Policies(page);
  await policies.open("Storefront");
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("alert").first()).toContainText("answered 409");
  await page.getByRole("combobox", { name: "Another policy for Storefront" }).selectOption({ label: "Everything" });
  await page.getByRole("button", { name: "Give it this one" }).click();
  await expect(page.getByRole("status")).toContainText("The client has another policy now.");
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page).toHaveURL(/\/policies\?change=/);
  await expect(page.locator(".card").getByRole("link", { name: "Everything" })).toBeVisible();
});

test("who would be locked out is asked to be sure", async ({ page }) => {
  const policies = new Policies(page);
  await policies.open("Configuration");
  await page.getByRole("checkbox", { name: "*:config/** the whole" }).uncheck();
  await policies.look();
  await expect(policies.review).toContainText("This locks you out.");
  await policies.send();
  await expect(page.getByRole("alert")).toContainText("it would lock you out");
  await expect(page.getByRole("checkbox", { name: "I know, and send it all the same" })).not.toBeChecked();
});

test("a login policy's claims and response types are set with PUTs of their own", async ({ page }) => {
  const policies = new Policies(page);
  await policies.open("Hosted Login");
  await page.getByLabel("Custom claims at userinfo").fill("tier = nickname");
  await policies.look();
  await expect(policies.row("customClaims")).toContainText("nickname");
  await policies.send();
  await expect(page.getByRole("status")).toContainText("The next sign-in follows it.");
  await page.getByRole("checkbox", { name: /^code id_token a hybrid/ }).check();
  await page.getByRole("button", { name: "Send the PUT of response types" }).click();
  await expect(page.getByRole("status")).toContainText("The policy is changed.");
  await expect(page.getByRole("checkbox", { name: /^code id_token a hybrid/ })).toBeChecked();
});
