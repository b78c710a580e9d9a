import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling, Playground } from "../pages/playground";

// axe is a script itself, so this cannot run without; the markup is the same.

const WIDTHS = [320, 1280];
const SCHEMES = ["light", "dark"] as const;

async function inspect(page: Page, name: string) {
  await expectNoSidewaysScrolling(page, name);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target).join(" | ")}`),
    name,
  ).toEqual([]);
}

for (const width of WIDTHS) {
  for (const colorScheme of SCHEMES) {
    test.describe(`${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme });

      test("every page is free of axe violations and of sideways scrolling", async ({ page }) => {
        const playground = new Playground(page);
        await playground.open();
        await inspect(page, "first page");
        await playground.unfold();
        for (const summary of await page.locator("#build details > summary").all()) {
          await summary.click();
        }
        await inspect(page, "first page, everything open");

        await playground.open("/");
        await playground.run();
        await inspect(page, "run, dropped");
        for (const summary of await page.locator(".verdict details > summary, .exchange > summary").all()) {
          await summary.click();
        }
        await inspect(page, "run, everything open");

        await playground.addAndRunAgain();
        await inspect(page, "run, let through");
        await page.goto("/runs");
        await inspect(page, "runs");
        await page.goto("/no-such-page");
        await inspect(page, "no such page");
        await page.goto("/callback?code=x&state=never-sent");
        await inspect(page, "problem");

        await playground.open("/");
        await playground.unfold();
        await playground.person("Ask me").check();
        await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
        await expect(page).toHaveURL(/\/auth-ui\/login/);
        const session = page.getByRole("heading", { level: 1, name: "Sign in" });
        await expect(session).toBeVisible();
        await inspect(page, "sign-in");
      });
    });
  }
}
