import { expect, test } from "@playwright/test";
import { TokenLab } from "../pages/token-lab";

// "My administrative token does not work." The page this comes from says four
// things, and each of them is found here.

const CREATE = ["POST", "config/loginPolicies"] as const;

test("from the first page to an allowed call in five clicks, with nothing typed", async ({ page }) => {
  const lab = new TokenLab(page);
  await lab.openFromStart();
  await expect(lab.verdict).toHaveText("✓The token can only read.");
  await lab.ask();

  // `.:**` cannot create a login policy.
  await expect(lab.verdict).toHaveText("✓This token can only read.");
  await expect(lab.cell(...CREATE)).toContainText("refused");
  await lab.call(...CREATE);
  await expect(lab.panel).toContainText("answered 403 Forbidden");
  await expect(lab.panel).toContainText("As predicted: no scope covers it.");
  await expect(lab.panel).toContainText('"errors": "Forbidden"');
  await expect(lab.panel).toContainText("The smallest scope that allows it: +:config/loginPolicies our reading");

  await lab.click(page.getByRole("button", { name: "Ask again with *:config/**" }));
  await expect(lab.panel).toContainText("Make this call?");
  await lab.click(page.getByRole("button", { name: "Make it" }));
  await expect(lab.panel).toContainText("answered 201");
  await expect(lab.panel).toContainText("As predicted: *:config/** allows it, and it was done.");
  await expect(lab.cell(...CREATE)).toContainText("201 as predicted");
  expect({ clicks: lab.clicks, typed: lab.typed }).toEqual({ clicks: 5, typed: 0 });

  // Going back and reloading repeat nothing.
  const made = page.locator(".permissions .item-name", { hasText: "Made in the token lab" });
  const rows = await made.count();
  await page.reload();
  await page.goBack();
  await page.goForward();
  await expect(made).toHaveCount(rows);
});

test("a scope that nobody lists gives a token without scope, which introspects as active", async ({ page }) => {
  const lab = new TokenLab(page);
  await lab.open();
  await lab.unfold();
  await lab.box(".:**").uncheck();
  await lab.type("XXXXX");
  await lab.ask();

  await expect(lab.verdict).toHaveText("▲This token has no scope: it is valid and can do nothing.");
  await expect(lab.row("XXXXX")).toContainText("dropped");
  await expect(lab.row("XXXXX")).toContainText("Not in allowedScopes of token policy “Configuration”");
  await expect(lab.member("active")).toContainText("true");
  await expect(lab.member("scope")).toContainText("not there");
  await expect(page.locator(".permissions .call.yes")).toHaveCount(0);
  await lab.call("GET", "config/tokenPolicies");
  await expect(lab.panel).toContainText("answered 403 Forbidden");
});

test("only what the policy lists is granted, until it is added", async ({ page }) => {
  const lab = new TokenLab(page);
  await lab.open();
  await lab.unfold();
  await lab.box(".:config/**").check();
  await lab.ask();
  await expect(lab.row(".:config/**")).toContainText("dropped");
  await expect(lab.row(".:config/**")).toContainText("letter by letter");

  await lab.call("POST", "config/people");
  await page.getByRole("button", { name: /^Add .* to the policy and ask again$/ }).click();
  await expect(page.getByText("The token policy was widened before")).toBeVisible();
  await expect(lab.row("+:config/people")).toContainText("granted");
  await page.getByRole("button", { name: "Make it" }).click();
  await expect(lab.panel).toContainText("answered 201");
});

test("slips are pointed out before they are sent", async ({ page }) => {
  const lab = new TokenLab(page);
  await lab.open();
  await lab.unfold();
  await lab.type("*.**, config/tokenpolicies");
  const preview = page.getByRole("button", { name: "Preview" });
  if (await preview.isVisible()) {
    await preview.click();
    await lab.unfold();
  }
  const slips = page.getByRole("region", { name: "Before you send it" });
  await expect(slips).toContainText("There is a dot where the colon belongs. Perhaps *:** is meant.");
  await expect(slips).toContainText("Perhaps *:config/tokenPolicies is meant.");
  await slips.getByRole("button", { name: "Use *:config/tokenPolicies" }).click();
  await lab.settled();
  await lab.unfold();
  await expect(page.getByLabel("Scopes of your own")).toHaveValue("*.** *:config/tokenPolicies");
  await slips.getByRole("button", { name: "Use *:**" }).click();
  await lab.unfold();
  await expect(page.getByLabel("Scopes of your own")).toHaveValue("*:** *:config/tokenPolicies");
  await expect(page.getByText("Before you send it")).toHaveCount(0);
});

test("an expired and a revoked token are explained", async ({ page }) => {
  const lab = new TokenLab(page);
  for (const [button, headline] of [
    ["Expire now", "This token has expired: every call is refused."],
    ["Revoke", "This token is revoked: every call is refused."],
  ] as const) {
    await lab.open();
    await lab.ask();
    await expect(page.locator(".lifetime")).toContainText(/expires in (1 h|59 min)/);
    await page.getByRole("button", { name: button }).click();
    await expect(lab.verdict).toContainText(headline);
    await expect(page.locator(".verdict")).toContainText("401 with invalid_token");
    await page.getByRole("button", { name: "Introspect now" }).click();
    await expect(lab.member("active")).toContainText("false");
    await lab.call("GET", "config/clients");
    await expect(lab.panel).toContainText("answered 403 Forbidden");
  }
});

test("who deletes the last configuration client is warned, and gets back in with a click", async ({ page }) => {
  const lab = new TokenLab(page);
  await lab.open();
  await lab.unfold();
  await lab.box("*:**").check();
  await lab.ask();
  const row = page.locator(".permissions tr", { hasText: /^Configurationconfig\/clients\/[0-9a-f]+…(?!\/)/ });
  await row.locator('button[value^="DELETE"]').click();
  await expect(lab.panel).toContainText("you are locked out");
  await lab.panel.getByRole("button", { name: "Make the call" }).click();
  await expect(lab.panel).toContainText("answered 204");
  await page.getByRole("link", { name: "Administrative tokens" }).first().click();
  await expect(page.getByRole("heading", { name: "You are locked out of the configuration" })).toBeVisible();
  await page.getByRole("button", { name: "Put client and policy back as they were at first" }).click();
  await expect(page.getByText("as they were at first.")).toBeVisible();
  await lab.ask();
  await expect(lab.verdict).toHaveText("✓This token can only read.");
});
