import type { Page } from "@playwright/test";

/** The bundled provider's sign-in page. */
export class SignIn {
  constructor(readonly page: Page) {}

  async withPassword(email: string, password: string) {
    await this.page.getByLabel("Email Address").fill(email);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  async as(name: string) {
    await this.page.getByRole("button", { name: new RegExp(`^${name}\\b`) }).click();
  }

  async cancel() {
    await this.page.getByRole("button", { name: "Cancel" }).click();
  }
}
