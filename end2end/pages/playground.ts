import { expect, type Locator, type Page } from "@playwright/test";

/** The playground's own pages: Build, Run, Explain. */
export class Playground {
  readonly verdict: Locator;
  readonly funnel: Locator;
  readonly userinfo: Locator;
  readonly policy: Locator;
  readonly url: Locator;

  constructor(readonly page: Page) {
    this.verdict = page.getByRole("heading", { level: 1 });
    this.funnel = page.getByRole("region", { name: "Scope by scope" });
    this.userinfo = page.getByRole("region", { name: "Userinfo" });
    this.policy = page.getByRole("region", { name: "Token policy" });
    this.url = page.getByRole("group", { name: "Authorization URL" });
  }

  async open(path = "/") {
    await this.page.goto(path);
    await this.settled();
  }

  /** Waits until the islands are alive; without scripts there is nothing to wait for. */
  async settled() {
    if (await this.scripted()) {
      await this.page.waitForFunction(() => document.documentElement.dataset.live === "yes");
    }
  }

  async scripted() {
    return !(await this.page.evaluate(() => matchMedia("(scripting: none)").matches).catch(() => true));
  }

  scope(name: string) {
    return this.page.locator("#build").getByRole("checkbox", { name: new RegExp(`^${name}\\b`) });
  }

  person(name: string) {
    return this.page.getByRole("radio", { name: new RegExp(`^${name}\\b`) });
  }

  /** Opens the Build form where the page is too narrow to show it beside the result. */
  async unfold() {
    const form = this.page.locator("#build");
    if (!(await form.isVisible())) {
      await this.page.locator(".fold > summary").click();
    }
  }

  async more() {
    await this.page.getByText("state, nonce, PKCE, prompt, login_hint").click();
  }

  async run() {
    await this.unfold();
    await this.page.locator("#build").getByRole("button", { name: "Run" }).first().click();
    await this.finished();
  }

  async addAndRunAgain() {
    await this.page.getByRole("button", { name: /^Add .* and run again$/ }).click();
    await this.finished();
  }

  async finished() {
    await expect(this.page).toHaveURL(/\/runs\/[\w-]+$/);
    await this.settled();
  }

  row(scope: string) {
    return this.page.locator(`.funnel tr[data-scope="${scope}"]`);
  }
}

/** A page fits its width. */
export async function expectNoSidewaysScrolling(page: Page, name: string) {
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
}
