import { expect, type Locator, type Page } from "@playwright/test";

/** What can be done on the page of a run, beside its verdict. */
export class RunPage {
  readonly next: Locator;
  readonly tokens: Locator;

  constructor(readonly page: Page) {
    this.next = page.getByRole("region", { name: "What next with these tokens" });
    this.tokens = page.getByRole("region", { name: "Tokens", exact: true });
  }

  /** The scopes that a refresh would ask for. */
  refreshScope(name: string) {
    return this.next.getByRole("checkbox", { name, exact: true });
  }

  /** Presses a button and waits for the step it made. */
  async press(name: string, step: number) {
    await this.next.getByRole("button", { name, exact: true }).click();
    await expect(this.page).toHaveURL(new RegExp(`#step-${step}$`));
    await expect(this.step(step)).toBeInViewport();
  }

  step(number: number) {
    return this.page.locator(`#step-${number}`);
  }
}
