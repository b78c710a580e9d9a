import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";

// What only lives with scripts.

test("the URL is shown byte for byte as it is sent", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.getByLabel("Your own scope").fill("a+b/c&d");
  await playground.more();
  await page.getByLabel("login_hint").fill("ann+x@example.test");
  const shown = await playground.url.textContent();

  const sent = page.waitForRequest((request) => request.url().includes("/login/authorize?"));
  await page.locator("#build").getByRole("button", { name: "Run" }).first().click();
  expect((await sent).url()).toBe(shown);
});

test("the prediction follows every tick", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.scope("email").check();
  await expect(playground.row("email")).toHaveClass(/lost/);
  await expect(playground.url).toContainText("email");
  await playground.scope("email").uncheck();
  await expect(playground.row("email")).toHaveCount(0);
  await page.getByLabel("Client", { exact: true }).selectOption({ label: "Storefront server (confidential)" });
  await expect(playground.row("address")).not.toHaveClass(/lost/);
});

test("the draft is kept, and a page without storage still works", async ({ page, browser, baseURL }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.scope("phone").check();
  await page.getByLabel("Your own scope").fill("loyalty");
  await playground.open("/");
  await expect(playground.scope("phone"), "the page opens with its own request").not.toBeChecked();
  await page.getByRole("button", { name: "Restore my last request" }).click();
  await expect(playground.scope("phone")).toBeChecked();
  await expect(page.getByLabel("Your own scope")).toHaveValue("loyalty");

  const blocked = await browser.newContext({ baseURL });
  await blocked.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  const other = new Playground(await blocked.newPage());
  const errors: string[] = [];
  other.page.on("pageerror", (error) => errors.push(error.message));
  await other.open();
  await other.scope("email").check();
  await expect(other.row("email")).toHaveClass(/lost/);
  expect(errors).toEqual([]);
  await blocked.close();
});

test("what is chosen before the WebAssembly arrives is kept", async ({ page }) => {
  let arrive = () => {};
  const late = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(/\.wasm$/, async (route) => {
    await late;
    await route.continue();
  });
  const playground = new Playground(page);
  await page.goto("/");
  await page.getByLabel("Client", { exact: true }).selectOption({ label: "Storefront server (confidential)" });
  await playground.person("Bo").check();
  await playground.scope("email").check();
  await page.getByLabel("Your own scope").fill("loyalty");
  arrive();
  await playground.settled();

  await expect(playground.person("Bo")).toBeChecked();
  await expect(playground.scope("email")).toBeChecked();
  await expect(page.getByLabel("Your own scope")).toHaveValue("loyalty");
  await expect(playground.row("email")).not.toHaveClass(/lost/);
  await expect(page.getByText("Token policy: “Everything”")).toBeVisible();
  await expect(playground.url).toContainText("loyalty");
});

test("a full storage changes nothing on the page", async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  const playground = new Playground(page);
  await playground.open();
  await playground.scope("email").check();
  await expect(playground.row("email")).toHaveClass(/lost/);
  expect(errors).toEqual([]);
});

test("Back and Run again makes a new run with a new state", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  const first = page.url();
  await page.goBack();
  await playground.settled();
  await playground.run();
  expect(page.url()).not.toBe(first);
});

test("curl can be copied", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const playground = new Playground(page);
  await playground.open();
  await page.getByRole("button", { name: "Copy curl" }).first().click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("curl");
  expect(copied).toContain((await playground.url.textContent()) ?? "nothing");
});

test("nothing is fetched from anywhere else, and nothing breaks the content security policy", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(baseURL ?? "nowhere")) foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  await playground.addAndRunAgain();
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

test("the last request comes back with every kind of field", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await playground.more();
  await page.getByText("response_type, max_age, claims, your own").click();
  await page.getByLabel("prompt").selectOption("login");
  await page.getByLabel("PKCE").uncheck();
  await playground.person("Ask me").check();
  await page.getByLabel("claims", { exact: true }).fill('{"userinfo":{"email":null}}');
  await page.getByLabel("Name of your own parameter 2").fill("tenant");
  await playground.open("/");
  await page.getByRole("button", { name: "Restore my last request" }).click();
  await expect(page.getByRole("button", { name: "Restore my last request" })).toBeHidden();
  await expect(playground.person("Ask me")).toBeChecked();
  await expect(page.getByLabel("PKCE")).not.toBeChecked();
  await expect(page.getByLabel("prompt")).toHaveValue("login");
  await expect(page.getByLabel("claims", { exact: true })).toHaveValue('{"userinfo":{"email":null}}');
  await expect(page.getByLabel("Name of your own parameter 2")).toHaveValue("tenant");
  await expect(playground.url).not.toContainText("code_challenge");
  await expect(playground.scope("openid")).toBeChecked();
});

test("a request that an earlier version kept is offered", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.evaluate(() => {
    const kept = { client: "gone", person: "", scopes: ["phone"], own_scope: "loyalty", state: "old", nonce: "", pkce: true, code_verifier: "", prompt: "", login_hint: "" };
    localStorage.setItem("oidc-playground.draft.1", JSON.stringify(kept));
  });
  await playground.open("/");
  await page.getByRole("button", { name: "Restore my last request" }).click();
  await expect(playground.scope("phone")).toBeChecked();
  await expect(playground.scope("address")).not.toBeChecked();
  await expect(page.getByLabel("Your own scope")).toHaveValue("loyalty");
  await expect(playground.url).toContainText("scope=openid+phone+loyalty");
});
