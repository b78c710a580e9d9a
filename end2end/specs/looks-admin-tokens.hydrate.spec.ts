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

      // In three parts: the table is large, and axe looks at every cell of it.
      test("asking for a token", async ({ page }) => {
        const lab = new TokenLab(page);
        await lab.open();
        await lab.unfold();
        await lab.type("*.** XXXXX");
        await expect(page.getByRole("region", { name: "Before you send it" })).toBeVisible();
        await inspect(page, "the lab with slips");
        await lab.ask();
        await inspect(page, "a token that can only read");
        await page.getByRole("button", { name: "Expire now" }).click();
        await inspect(page, "an expired token");
        await lab.open();
        await inspect(page, "the lab with tokens");
        await page.goto("/admin-tokens/no-such-token");
        await inspect(page, "no such token");
      });

      test("a refused call and the way out", async ({ page }) => {
        const lab = new TokenLab(page);
        await lab.open();
        await lab.ask();
        await lab.call("POST", "config/loginPolicies");
        await inspect(page, "a refused call");
        await page.getByRole("button", { name: /^Add .* to the policy and ask again$/ }).click();
        await inspect(page, "a widened policy, and a call to be asked about");
      });

      test("a call that was made", async ({ page }) => {
        const lab = new TokenLab(page);
        await lab.open();
        await lab.ask();
        await lab.call("GET", "config/people");
        await inspect(page, "a call that was made");
        for (const summary of await page.locator(".call-panel details > summary, .steps .exchange > summary").all()) {
          await summary.click();
        }
        await inspect(page, "a call that was made, everything open");
      });
    });
  }
}
