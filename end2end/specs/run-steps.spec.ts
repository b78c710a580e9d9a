import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";
import { RunPage } from "../pages/run";

// Each of these runs twice: with scripts and without.

test("a refresh with fewer scopes narrows the token, and userinfo shows it", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const run = new RunPage(page);

  await run.refreshScope("profile").uncheck();
  await run.press("Refresh", 1);
  await expect(run.step(1)).toContainText("Narrowed: profile is gone");
  await run.press("Call userinfo again", 2);
  await expect(run.step(2)).toContainText("Gone: ");
  await expect(run.step(2)).toContainText("family_name");

  await run.press("Refresh", 3);
  await expect(run.step(3)).toContainText("profile is back.");
  await expect(run.tokens).toContainText("The newest, from step 3.");

  // Reload and Back repeat nothing.
  await page.reload();
  await expect(run.step(3)).toBeVisible();
  await expect(run.step(4)).toHaveCount(0);
});

test("revoking kills the tokens, and userinfo says so", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const run = new RunPage(page);

  await run.press("Introspect the access token", 1);
  await expect(run.step(1)).toContainText("Active: the access token counts.");
  await run.press("Revoke the refresh token", 2);
  await expect(run.step(2)).toContainText("Revoked: the refresh token and 1 access token are dead.");
  await run.press("Call userinfo again", 3);
  await expect(run.step(3)).toContainText("Userinfo now answers 401 invalid_token.");
  await expect(run.step(3).locator(".status")).toHaveText("401");
  await expect(run.tokens).toContainText("Revoked in step 2");
});

test("a refresh token that comes twice ends the login", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const run = new RunPage(page);
  await run.press("Refresh", 1);
  await run.press("Use the old refresh token again", 2);
  await expect(run.step(2)).toContainText("every token of this login is dead now");
});

test("the same button in a second tab takes the step once", async ({ page, context }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const second = await context.newPage();
  await second.goto(page.url());
  await new RunPage(page).press("Refresh", 1);
  const other = new RunPage(second);
  await other.next.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(second).toHaveURL(/\?repeated=1#step-1$/);
  await expect(other.step(1)).toContainText("It was not done again.");
  await expect(other.step(2)).toHaveCount(0);
});

test("logging out leads over the provider and back, and the tokens live on", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const run = new RunPage(page);
  await run.press("Log out at the provider", 2);
  await expect(run.step(1)).toContainText("The browser was sent to the provider's end_session endpoint.");
  await expect(run.step(2)).toContainText("Logging out ended the session, not the tokens: userinfo still answers.");
});

test("every member of a token is explained", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const run = new RunPage(page);
  await run.tokens.getByText("Header and payload").first().click();
  const members = run.tokens.locator(".meanings").nth(1);
  await expect(members).toContainText("Whom it is about");
  await expect(members).toContainText("From this moment on it must not be taken any more.");
  await expect(run.tokens).toContainText("8 checks passed");
  await expect(run.tokens).toContainText("Opaque");
});

test("a run under an earlier policy says so, and two runs are compared", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const first = page.url();
  await playground.addAndRunAgain();
  await page.getByRole("link", { name: "Both side by side" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Two runs compared");
  const granted = page.getByRole("region", { name: "Granted scopes" });
  await expect(granted.getByRole("row", { name: /address/ })).toContainText("only right");
  await page.getByRole("link", { name: "Swap the sides" }).click();
  await expect(granted.getByRole("row", { name: /address/ })).toContainText("only left");

  await page.goto(first);
  const since = page.getByRole("region", { name: "Made under the earlier policy" });
  await expect(since).toContainText("allowedScopes lists address now.");
  await expect(since).toContainText("A new run would be granted openid profile address: address more.");

  await page.goto("/runs");
  await page.getByRole("button", { name: "Compare the two that are chosen" }).click();
  await expect(page).toHaveURL(/\/runs\/compare\?/);
  await expect(page.getByText("Granted now: address.")).toBeVisible();

  await page.goto("/runs");
  await page.getByLabel("Verdict").selectOption("fail");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByText("No run fits this choice.")).toBeVisible();
});
