import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling } from "../pages/playground";
import { Policies } from "../pages/policies";

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

      test("the pages of policies are free of axe violations and of sideways scrolling", async ({ page, context }) => {
        const policies = new Policies(page);
        await page.goto("/policies");
        await inspect(page, "policies");
        await policies.open("Configuration");
        await page.getByRole("checkbox", { name: "*:config/** the whole" }).uncheck();
        await policies.send();
        await inspect(page, "locking out");

        await policies.open("Storefront");
        await inspect(page, "token policy");
        const two = new Policies(await context.newPage());
        await two.open("Storefront");
        await two.page.getByLabel("Title").fill("Other");
        await two.send();
        await expect(two.page.getByRole("status")).toBeVisible();
        await inspect(two.page, "changed");
        await policies.json.fill('{"title": "Mine"}');
        await policies.send();
        await inspect(page, "two tabs, left out");
        await policies.send();
        await expect(page.getByRole("alert").first()).toContainText("answered 412");
        await inspect(page, "two tabs, refused");
        await policies.json.fill('{"title": "Mine",}');
        await policies.send();
        await inspect(page, "wrong");

        await page.goto("/policies/token/new");
        await inspect(page, "new token policy");
        await policies.open("Hosted Login");
        await inspect(page, "login policy");
        await page.goto("/policies/login/new");
        await inspect(page, "new login policy");
      });
    });
  }
}
