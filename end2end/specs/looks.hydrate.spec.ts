import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { expectNoSidewaysScrolling, Playground } from "../pages/playground";
import { Account, Logout, PasswordReset, Registration } from "../pages/provider-screens";
import { SignIn } from "../pages/sign-in";

// axe is a script itself, so this cannot run without; the markup is the same.
// It looks at many pages, and at every element of each.
test.slow();

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

      test("every screen of the provider is, too", async ({ page }) => {
        const playground = new Playground(page);
        await playground.open();
        const client = await page.locator("#build select[name=client]").inputValue();
        await playground.unfold();
        await playground.person("Ask me").check();
        await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
        await expect(page).toHaveURL(/\/auth-ui\/login/);
        const signIn = page.url();
        const [, customer] = new URL(signIn).pathname.split("/");

        await new SignIn(page).withPassword("nobody@example.com", "wrong");
        await inspect(page, "sign-in, wrong");
        await page.getByRole("link", { name: "Forgot password?" }).click();
        await inspect(page, "forgotten password");
        const reset = new PasswordReset(page);
        await reset.ask("nobody");
        await inspect(page, "forgotten password, wrong");
        await reset.ask("alice@example.com");
        await inspect(page, "the mail");
        await reset.mail().getByRole("link").click();
        await inspect(page, "new password");
        await reset.choose("a new password");
        await inspect(page, "password changed");

        await page.getByRole("link", { name: "Create account" }).click();
        await inspect(page, "sign-up");
        const registration = new Registration(page);
        await registration.create({});
        await inspect(page, "sign-up, wrong");
        await registration.create({
          "Email Address": "eve@example.com",
          Password: "eve's password",
          "Given name": "Eve",
          "Family name": "Evans",
        });
        await inspect(page, "account created");

        const account = new Account(page);
        await account.open(customer ?? "", client, new URL("/callback", signIn).href);
        await inspect(page, "account");
        await account.save({ Birthday: "yesterday" });
        await inspect(page, "account, wrong");
        await account.save({ Birthday: "1990-04-12" });
        await inspect(page, "account, saved");

        await page.goto(`/${customer}/login/end_session`);
        await inspect(page, "question");
        await new Logout(page).leave();
        await inspect(page, "logout success");
        await page.goto(`/${customer}/auth-ui/logout`);
        await inspect(page, "bad request");
      });
    });
  }
}
