import { expect, type Locator, type Page } from "@playwright/test";
import { Playground } from "./playground";

/** The pages of token policies and login policies. */
export class Policies {
  readonly json: Locator;
  readonly review: Locator;

  constructor(readonly page: Page) {
    this.json = page.getByLabel("Body, as JSON");
    this.review = page.locator("#region-review");
  }

  /** Opens a policy from the list. */
  async open(title: string) {
    await this.page.goto("/policies");
    await this.page.locator(".card").getByRole("heading").getByRole("link", { name: title, exact: true }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await this.settled();
  }

  async settled() {
    await new Playground(this.page).settled();
  }

  /** Shows what the editor would do: by itself with scripts, else with a button. */
  async look() {
    const button = this.page.getByRole("button", { name: "Show what it will change" });
    if (await button.isVisible()) {
      await button.click();
    }
  }

  async send(name = "Send the PUT") {
    await this.page.getByRole("button", { name, exact: true }).click();
    await this.settled();
  }

  /** What the review says of a property. */
  row(property: string) {
    return this.review.locator("tbody tr").filter({ has: this.page.getByRole("rowheader", { name: property }) });
  }
}
