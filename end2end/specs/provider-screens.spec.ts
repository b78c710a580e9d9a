import { expect, test, type Page } from "@playwright/test";
import { Playground, expectNoSidewaysScrolling } from "../pages/playground";
import { Account, Logout, PasswordReset, Registration } from "../pages/provider-screens";
import { SignIn } from "../pages/sign-in";

// Each of these runs twice: with scripts and without.

const EVE = {
  "Email Address": "eve@example.com",
  Password: "eve's password",
  "Given name": "Eve",
  "Family name": "Evans",
};

/** Runs the request that stands ready as nobody; returns whose sign-in page comes. */
async function askMe(page: Page) {
  const playground = new Playground(page);
  await playground.open();
  const client = await page.locator("#build select[name=client]").inputValue();
  await playground.unfold();
  await playground.person("Ask me").check();
  await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
  await expect(page).toHaveURL(/\/auth-ui\/login/);
  const [, customer] = new URL(page.url()).pathname.split("/");
  return { playground, customer: customer ?? "", client };
}

test("someone creates an account, after two mistakes, and the run goes on as them", async ({ page }) => {
  const { playground } = await askMe(page);
  await page.getByRole("link", { name: "Create account" }).click();
  const registration = new Registration(page);
  await registration.create({ ...EVE, "Email Address": "bo@example.com", Password: "short" });
  await expect(registration.alert).toContainText("Check what is marked below");
  await registration.expectProblem("Password", "at least 8 characters");
  await expect(page.getByLabel("Given name")).toHaveValue("Eve");
  await registration.create({ Password: EVE.Password });
  await registration.expectProblem("Email Address", "exists already");
  await registration.create({ "Email Address": EVE["Email Address"], Password: EVE.Password });
  await registration.goOn();

  await playground.finished();
  await expect(playground.userinfo).toContainText('"given_name": "Eve"');
});

test("cancelling at sign-up is told to the client like cancelling at sign-in", async ({ page }) => {
  const { playground } = await askMe(page);
  await page.getByRole("link", { name: "Create account" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await playground.finished();
  await expect(page.getByRole("status")).toContainText(/cancel/i);
});

test("someone forgets their password, reads the mail on the screen, and signs in with another", async ({ page }) => {
  const { playground } = await askMe(page);
  await page.getByRole("link", { name: "Forgot password?" }).click();
  const reset = new PasswordReset(page);
  await reset.ask("nobody@example.com");
  await expect(page.getByText("no account has the address")).toBeVisible();
  await page.goBack();
  await reset.ask("chen@example.com");
  await expect(reset.mail()).toContainText("chen@example.com");
  const link = await reset.mail().getByRole("link").getAttribute("href");
  await reset.mail().getByRole("link").click();
  await reset.choose("1234567");
  await reset.expectProblem("New password", "at least 8 characters");
  await reset.choose("a new password");
  await expect(page.getByRole("status")).toContainText("Your password has been changed");
  await new SignIn(page).withPassword("chen@example.com", "a new password");
  await playground.finished();
  await expect(playground.userinfo).toContainText('"given_name": "Chen"');

  await page.goto(link ?? "");
  await expect(reset.alert).toContainText("This link no longer works");
});

test("someone changes their personal data, and the next run shows it", async ({ page, baseURL }) => {
  const { playground, customer, client } = await askMe(page);
  await new SignIn(page).as("Dana");
  await playground.finished();

  const account = new Account(page);
  await account.open(customer, client, `${baseURL}/callback`);
  await account.shown("Personal Data");
  await expect(page.getByLabel("Mobile number")).toHaveAccessibleDescription("Verified.");
  await account.save({ Nickname: "Dee", Birthday: "1.2.1990" });
  await account.expectProblem("Birthday", "YYYY-MM-DD");
  await account.save({ Birthday: "1990-02-01", "Mobile number": "+1 503 555 0199" });
  await expect(page.getByRole("status")).toHaveText(/Your profile has been saved\./);
  await expect(page.getByLabel("Nickname")).toHaveValue("Dee");
  await expect(page.getByLabel("Mobile number")).toHaveValue("+15035550199");
  await expect(page.getByLabel("Mobile number")).toHaveAccessibleDescription("Not verified.");
  await expect(page.getByRole("link", { name: "Back to App" })).toHaveAttribute("href", `${baseURL}/callback`);

  await playground.open();
  await playground.unfold();
  await playground.person("Dana").check();
  await playground.run();
  await expect(playground.userinfo).toContainText('"nickname": "Dee"');
  await expect(playground.userinfo).toContainText('"birthdate": "1990-02-01"');

  await account.open(customer, client);
  await expect(page.getByRole("link", { name: "Back to App" })).toHaveCount(0);
  await account.logout();
  await account.shown("Logout Success");
  await account.open(customer, client);
  await account.shown("Sign in");
  await page.getByRole("button", { name: "Cancel" }).click();
  await account.shown("Sign-in cancelled");
});

test("an application's own form on another site leads to the question, and the answer counts", async ({
  page,
  baseURL,
}) => {
  const { playground, customer } = await askMe(page);
  await new SignIn(page).as("Bo");
  await playground.finished();

  // The cookie is SameSite=Lax and does not come along with this form.
  const endpoint = `${baseURL}/${customer}/login/end_session`;
  await page.route("http://app.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${endpoint}"><input name="state" value="s"><button>Sign out</button></form>`,
    }),
  );
  const logout = new Logout(page);
  await page.goto("http://app.example/");
  await page.getByRole("button", { name: "Sign out" }).click();
  await logout.expectQuestion();
  await expect(page.getByText("bo@example.com")).toBeVisible();
  await logout.stay();
  await logout.shown("Still signed in");

  await page.goto("http://app.example/");
  await page.getByRole("button", { name: "Sign out" }).click();
  await logout.leave();
  await logout.shown("Logout Success");
  await page.goto(endpoint);
  await logout.shown("Logout Success");
});

test("what is missing or wrong has a screen of Hosted Login's", async ({ page }) => {
  const { customer } = await askMe(page);
  for (const [query, heading] of [
    ["", "Bad request"],
    ["?client_id=nobody", "Something went wrong"],
  ]) {
    for (const screen of ["logout", "profile"]) {
      const answer = await page.goto(`/${customer}/auth-ui/${screen}${query}`);
      expect(answer?.status()).toBe(400);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading ?? "");
    }
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("no screen scrolls sideways", async ({ page }) => {
    const { customer, client } = await askMe(page);
    await expectNoSidewaysScrolling(page, "sign-in");
    const signIn = page.url();
    await page.getByRole("link", { name: "Forgot password?" }).click();
    await expectNoSidewaysScrolling(page, "forgotten password");
    await new PasswordReset(page).ask("alice@example.com");
    await expectNoSidewaysScrolling(page, "the mail");
    await page.goto(signIn);
    await page.getByRole("link", { name: "Create account" }).click();
    const registration = new Registration(page);
    await registration.create({});
    await expectNoSidewaysScrolling(page, "sign-up with mistakes");
    await registration.create({ ...EVE, "Email Address": `${"e".repeat(60)}@example.com` });
    await registration.shown("Account Created");
    await expectNoSidewaysScrolling(page, "account created");
    await new Account(page).open(customer, client);
    await expectNoSidewaysScrolling(page, "account");
    await page.goto(`/${customer}/login/end_session`);
    await new Logout(page).expectQuestion();
    await expectNoSidewaysScrolling(page, "question");
  });
});
