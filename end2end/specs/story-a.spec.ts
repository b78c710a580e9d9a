import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";
import { SignIn } from "../pages/sign-in";

// Each of these runs twice: with scripts and without.

test("one click runs the request that stands ready, and the verdict names the missing scope", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await expect(playground.scope("openid")).toBeChecked();
  await expect(playground.scope("openid")).toBeDisabled();
  await expect(playground.scope("profile")).toBeChecked();
  await expect(playground.scope("address")).toBeChecked();
  await expect(playground.verdict).toContainText("address will be dropped");

  await page.getByRole("button", { name: "Run it and see" }).click();
  await playground.finished();

  await expect(playground.verdict).toContainText("address was dropped");
  await expect(page.getByRole("status")).toContainText(
    "the token policy “Storefront” does not list it in allowedScopes, so it was dropped without an error",
  );
  await expect(playground.policy).toContainText('"address"');
  await expect(playground.userinfo).toContainText('"given_name": "Alice"');
});

test("one more click adds the scope, runs again, and shows what changed", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const first = page.url();

  await playground.addAndRunAgain();

  expect(page.url()).not.toBe(first);
  await expect(playground.userinfo).toContainText('"street_address"');
  const changes = page.getByRole("region", { name: "What changed" });
  await expect(changes).toContainText("address");
  for (const call of ["POST", "GET", "PUT"]) {
    await expect(changes.locator("summary").filter({ hasText: call }).first()).toBeVisible();
  }

  await playground.open("/");
  await expect(playground.page.getByRole("status")).not.toContainText("will be dropped");
});

test("a result has its own address: reload and Back repeat nothing and lose nothing", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const address = page.url();

  await page.reload();
  await expect(page).toHaveURL(address);
  await expect(playground.verdict).toContainText("address was dropped");

  await page.goBack();
  await page.goForward();
  await expect(playground.verdict).toContainText("address was dropped");

  await page.goto("/runs");
  await expect(page.locator(".run-line")).toHaveCount(1);
});

test("a person without the value is told apart from a dropped scope", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  await playground.addAndRunAgain();
  await playground.unfold();
  await playground.person("Bo").check();
  await playground.run();

  await expect(page.getByRole("status")).not.toContainText("dropped");
  await expect(playground.row("address")).toHaveClass(/empty/);
});

test("an unknown scope is dropped with its own reason, which adding it would not mend", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByLabel("Your own scope").fill("loyalty");
  await playground.scope("address").uncheck();
  await playground.run();

  await expect(playground.verdict).toContainText("loyalty");
  await expect(page.getByRole("button", { name: /^Add / })).toHaveCount(0);
});

test("someone who is asked signs in with a password, after a wrong one", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.person("Ask me").check();
  await page.locator("#build").getByRole("button", { name: "Run" }).first().click();

  const signIn = new SignIn(page);
  await expect(page).toHaveURL(/\/auth-ui\/login/);
  const password = await page.getByText("Password of each").locator("code").innerText();
  const email = await page.locator(".person code").nth(2).innerText();
  await signIn.withPassword(email, "wrong");
  await expect(page.getByRole("alert")).toContainText("Incorrect email address or password");
  await signIn.withPassword(email, password);
  await playground.finished();
  await expect(playground.userinfo).toContainText('"given_name": "Chen"');
});

test("cancelling at sign-in is explained, and leads on", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.person("Ask me").check();
  await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
  await new SignIn(page).cancel();
  await playground.finished();
  await expect(page.getByRole("status")).toContainText(/cancel/i);
  await expect(page.getByRole("button", { name: "Run again" })).toBeVisible();
});

test("a wrong state, a code used twice and an unknown run each have a page that explains", async ({ page }) => {
  await page.goto("/callback?code=x&state=never-sent");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/state/i);

  const playground = new Playground(page);
  await playground.open();
  let callback = "";
  page.on("request", (request) => {
    if (request.url().includes("/callback?")) callback = request.url();
  });
  await playground.run();
  await page.goto(callback);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/already|twice|once/i);
  await page.locator("main").getByRole("link").first().click();
  await expect(playground.verdict).toContainText("address was dropped");

  const answer = await page.goto("/runs/AAAAAAAAAAAAAAAAAAAAAA");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("link", { name: "Back to the playground" })).toBeVisible();
});

test("nobody else can open a run", async ({ page, browser, baseURL }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();

  const stranger = await browser.newContext({ baseURL });
  const other = await stranger.newPage();
  const answer = await other.goto(page.url());
  expect(answer?.status()).toBe(404);
  await stranger.close();
});

test("secrets are masked until asked for", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const transcript = page.getByRole("region", { name: "Step by step" });
  await transcript.locator("summary").filter({ hasText: "login/token" }).click();
  await expect(transcript.locator(".secret").first()).toHaveText("••••••");
  await transcript.getByRole("link", { name: "Show secrets" }).click();
  await transcript.locator("summary").filter({ hasText: "login/token" }).click();
  await expect(transcript.locator("details[open] .secret").first()).not.toHaveText("••••••");
});

test("a reset puts everything back", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  await playground.addAndRunAgain();
  await page.getByText(/^Sandbox/).click();
  await page.getByRole("button", { name: "Reset the sandbox" }).click();
  await expect(page.getByText("The sandbox is as it was at first")).toBeVisible();
  await expect(playground.verdict).toContainText("address will be dropped");
  await page.goto("/runs");
  await expect(page.getByText("No runs yet")).toBeVisible();
});
