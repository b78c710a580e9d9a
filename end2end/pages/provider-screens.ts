import { expect, type Locator, type Page } from "@playwright/test";

/** What every screen of the bundled provider has. */
abstract class Screen {
  readonly heading: Locator;
  readonly alert: Locator;

  constructor(readonly page: Page) {
    this.heading = page.getByRole("heading", { level: 1 });
    this.alert = page.getByRole("alert");
  }

  async shown(heading: string) {
    await expect(this.heading).toHaveText(heading);
  }

  /** Fills in fields by their labels. */
  async fill(fields: Record<string, string>) {
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(value);
    }
  }

  /** What is wrong with a field, as a screen reader says it. */
  async expectProblem(label: string, problem: string) {
    const field = this.page.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(problem));
  }
}

/** Create Account, and Account Created after it. */
export class Registration extends Screen {
  async create(fields: Record<string, string>) {
    await this.shown("Create Account");
    await this.fill(fields);
    await this.page.getByRole("button", { name: "Create Account" }).click();
  }

  async goOn() {
    await this.shown("Account Created");
    await this.page.getByRole("button", { name: /^Continue to / }).click();
  }
}

/** From the forgotten password to the new one. */
export class PasswordReset extends Screen {
  async ask(email: string) {
    await this.shown("Password Reset");
    await this.fill({ "Email Address": email });
    await this.page.getByRole("button", { name: "Send" }).click();
  }

  mail() {
    return this.page.getByRole("region", { name: "The mail" });
  }

  async choose(password: string) {
    await this.shown("New password");
    await this.fill({ "New password": password });
    await this.page.getByRole("button", { name: "Save" }).click();
  }
}

/** The account page. */
export class Account extends Screen {
  async open(customer: string, client: string, redirectUri?: string) {
    const query = new URLSearchParams({ client_id: client });
    if (redirectUri) query.set("redirect_uri", redirectUri);
    await this.page.goto(`/${customer}/auth-ui/profile?${query}`);
  }

  async save(fields: Record<string, string>) {
    await this.fill(fields);
    await this.page.getByRole("button", { name: "Save Changes" }).click();
  }

  async logout() {
    await this.page.getByRole("link", { name: "Logout" }).click();
  }
}

/** Whether to sign out, and that one is. */
export class Logout extends Screen {
  async expectQuestion() {
    await this.shown("Do you want to log out?");
  }

  async leave() {
    await this.page.getByRole("button", { name: "Logout" }).click();
  }

  async stay() {
    await this.page.getByRole("button", { name: "Stay signed in" }).click();
  }
}
