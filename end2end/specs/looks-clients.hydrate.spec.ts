import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { Clients } from "../pages/clients";
import { expectNoSidewaysScrolling } from "../pages/playground";

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

      test("the pages of clients and people are free of axe violations and of sideways scrolling", async ({ page }) => {
        const clients = new Clients(page);
        await page.goto("/clients");
        await inspect(page, "clients");
        await clients.open("Storefront server");
        await clients.showSecret();
        for (const summary of await page.locator("main details > summary").all()) {
          if (await summary.isVisible()) {
            await summary.click();
          }
        }
        await inspect(page, "client, everything turned over");
        await page.getByLabel("Redirect URIs").fill("nowhere");
        await page.getByRole("button", { name: "Send the PUT" }).click();
        await expect(page.getByText("Line 1: the address")).toBeVisible();
        await inspect(page, "client, refused");
        await page.goto("/clients/new");
        await inspect(page, "new client");
        await page.goto("/people");
        await inspect(page, "people");
        await clients.openPerson("Bo");
        await inspect(page, "person");
        await page.goto("/people/new");
        await inspect(page, "new person");
      });
    });
  }
}
