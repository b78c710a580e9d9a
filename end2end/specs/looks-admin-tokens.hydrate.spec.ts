import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling } from "../pages/playground";
import { TokenLab } from "../pages/token-lab";

// axe is a script itself, so this cannot run without; the markup is the same.
test.slow();

async function inspect(page: Page, name: string) {
  await expectNoSidewaysScrolling(page, name);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(" | ")}`),
    name,
  ).toEqual([]);
}

for (const width of [320, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme });

      test("every screen of the token lab is free of axe violations and of sideways scrolling", async ({ page }) => {
        const lab = new TokenLab(page);
        await lab.open();
        await lab.unfold();
        await lab.type("*.** XXXXX");
        await expect(page.getByRole("region", { name: "Before you send it" })).toBeVisible();
        await inspect(page, "the lab with slips");
        await lab.ask();
        await inspect(page, "a token that can only read");
        await lab.call("POST", "config/loginPolicies");
        await inspect(page, "a refused call");
        await page.getByRole("button", { name: /^Add .* to the policy and ask again$/ }).click();
        await inspect(page, "a widened policy, and a call to be asked about");
        await page.getByRole("button", { name: "Make it" }).click();
        await inspect(page, "a call that was made");
        for (const summary of await page.locator(".call-panel details > summary, .steps .exchange > summary").all()) {
          await summary.click();
        }
        await inspect(page, "a call that was made, everything open");
        await page.getByRole("button", { name: "Expire now" }).click();
        await inspect(page, "an expired token");
        await page.goto("/admin-tokens/no-such-token");
        await inspect(page, "no such token");
        await lab.open();
        await inspect(page, "the lab with tokens");
      });
    });
  }
}
