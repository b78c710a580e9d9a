import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling, Playground } from "../pages/playground";
import { RunPage } from "../pages/run";

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

      test("a run with steps, its tokens and the comparison are free of axe violations", async ({ page }) => {
        const playground = new Playground(page);
        await playground.open();
        await playground.run();
        const first = page.url();
        const run = new RunPage(page);
        await run.refreshScope("profile").uncheck();
        await run.press("Refresh", 1);
        await run.press("Introspect the access token", 2);
        await run.press("Revoke the access token", 3);
        await run.press("Call userinfo again", 4);
        await page.locator(".earlier > summary").click();
        for (const summary of await page.locator(".token summary, .further .exchange > summary").all()) {
          await summary.click();
        }
        await inspect(page, "run with steps, everything open");

        await page.goto(first);
        await playground.addAndRunAgain();
        await page.goto(first);
        await inspect(page, "run under an earlier policy");
        await page.goto("/runs");
        await inspect(page, "runs to compare");
        await page.getByRole("button", { name: "Compare the two that are chosen" }).click();
        await inspect(page, "two runs compared");
        await page.goto("/runs?verdict=fail");
        await inspect(page, "no run fits");
      });
    });
  }
}
