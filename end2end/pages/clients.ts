import type { Page } from "@playwright/test";

/** The pages of clients and people. */
export class Clients {
  constructor(readonly page: Page) {}

  async open(name: string) {
    await this.page.goto("/clients");
    await this.page.getByRole("link", { name, exact: true }).first().click();
    await this.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  }

  async openPerson(name: string) {
    await this.page.goto("/people");
    await this.page.getByRole("link", { name }).click();
  }

  async register(uri: string) {
    await this.page.getByLabel("Redirect URI of your application").fill(uri);
    await this.page.getByRole("button", { name: "Register this address" }).click();
  }

  async showSecret() {
    await this.page.getByRole("button", { name: "Show the secret" }).click();
  }

  /** The code that is to be pasted for a library. */
  async snippet(id: string): Promise<string> {
    return (await this.page.locator(`#snippet-${id}`).textContent()) ?? "";
  }
}
