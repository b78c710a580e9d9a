import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling } from "../pages/playground";

// axe is a script itself, so this cannot run without; the markup is the same.
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

      test("the page about the sandbox, and a file that cannot be used", async ({ page }) => {
        await page.goto("/sandbox");
        await inspect(page, "sandbox");
        await page.getByRole("button", { name: "Fill the sandbox" }).click();
        await expect(page.locator("#text-problem")).toBeVisible();
        await inspect(page, "sandbox, nothing to import");
      });
    });
  }
}
