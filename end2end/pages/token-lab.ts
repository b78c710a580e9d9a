import { expect, type Locator, type Page } from "@playwright/test";
import { Playground } from "./playground";

/** The administrative token lab. Counts what a person clicks and types. */
export class TokenLab {
  readonly verdict: Locator;
  readonly scopes: Locator;
  readonly panel: Locator;
  clicks = 0;
  typed = 0;

  constructor(readonly page: Page) {
    this.verdict = page.getByRole("heading", { level: 1 });
    this.scopes = page.locator(".admin-scopes");
    this.panel = page.locator(".call-panel");
  }

  /** From the first page, over the navigation. */
  async openFromStart() {
    await this.page.goto("/");
    await this.click(this.page.getByRole("link", { name: "Administrative tokens" }));
    await expect(this.page).toHaveURL(/\/admin-tokens$/);
    await this.settled();
  }

  /** Waits until the page follows its form, where scripts run. */
  async settled() {
    await new Playground(this.page).settled();
  }

  async open() {
    await this.page.goto("/admin-tokens");
    await this.settled();
  }

  async click(button: Locator) {
    this.clicks += 1;
    await button.click();
  }

  /** Opens the form where the page is too narrow to show it beside the result. */
  async unfold() {
    if (!(await this.page.locator("#admin-token").isVisible())) {
      await this.click(this.page.locator(".fold > summary"));
    }
  }

  box(scope: string) {
    return this.page.locator(`#admin-token input[name=scope][value="${scope}"]`);
  }

  async type(scopes: string) {
    this.typed += 1;
    await this.page.getByLabel("Scopes of your own").fill(scopes);
  }

  async ask() {
    await this.unfold();
    await this.click(this.page.getByRole("button", { name: "Get the token" }));
    await expect(this.page).toHaveURL(/\/admin-tokens\/[\w-]{10,}/);
  }

  cell(method: string, path: string) {
    return this.page.locator(`.permissions button[value="${method} ${path}"]`);
  }

  /** Makes a call of the table. */
  async call(method: string, path: string) {
    await this.click(this.cell(method, path));
    await expect(this.panel).toBeVisible();
  }

  member(name: string) {
    return this.page.locator(".members > div").filter({ has: this.page.locator("dt", { hasText: name }) });
  }

  row(scope: string) {
    return this.scopes.locator("tbody tr").filter({ has: this.page.locator("th", { hasText: scope }) });
  }
}
