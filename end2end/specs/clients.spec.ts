import { expect, test } from "@playwright/test";
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { CallbackServer } from "../clients/callback-server";
import { Clients } from "../pages/clients";
import { SignIn } from "../pages/sign-in";

/** What the snippet for openid-client exports. */
interface Pasted {
  signIn(): Promise<{ url: URL; checks: unknown }>;
  signedIn(url: string, checks: unknown): Promise<Record<string, unknown>>;
}

for (const name of ["Storefront", "Storefront server"]) {
  test(`the snippet for openid-client signs people in as it stands: ${name}`, async ({ page }, testInfo) => {
    const clients = new Clients(page);
    const callback = await CallbackServer.listen();
    await page.goto("/sandbox");
    const password = await page.getByText("at first; sign-up").locator("code").first().textContent();
    await clients.open(name);
    await clients.register(callback.redirectUri);
    await expect(page.getByText("The client is changed.")).toBeVisible();
    if (name === "Storefront server") {
      await expect(page.locator("#snippet-openid-client")).toContainText("the-secret-of-this-client");
      await clients.showSecret();
      await expect(page.locator("#snippet-openid-client")).not.toContainText("the-secret-of-this-client");
    }
    const file = testInfo.outputPath("pasted.mjs");
    await writeFile(file, await clients.snippet("openid-client"));
    const pasted = (await import(pathToFileURL(file).href)) as Pasted;

    const { url, checks } = await pasted.signIn();
    await page.goto(url.href);
    await new SignIn(page).withPassword("alice@example.com", password ?? "");
    const arrived = await callback.arrived;
    const person = await pasted.signedIn(arrived.url, checks);
    expect(person.given_name).toBe("Alice");
    await callback.close();
  });
}

test("a client is renamed in its fields, and the calls are shown", async ({ page }) => {
  const clients = new Clients(page);
  await clients.open("Storefront server");
  await page.getByLabel("Name", { exact: true }).fill("Shop server");
  await page.getByRole("button", { name: "Send the PUT" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Shop server" })).toBeVisible();
  await expect(page.getByText("3 calls")).toBeVisible();
});

test("an address that cannot be registered is named with its line", async ({ page }) => {
  const clients = new Clients(page);
  await clients.open("Storefront");
  await page.getByLabel("Redirect URIs").fill("https://app.example/cb\n\nhttp://app.example/cb");
  await page.getByRole("button", { name: "Send the PUT" }).click();
  await expect(page.getByText("Line 3: the address is plain http")).toBeVisible();
  await expect(page.getByLabel("Redirect URIs")).toHaveValue("https://app.example/cb\n\nhttp://app.example/cb");
});

test("somebody new is made and stands on the first page", async ({ page }) => {
  await page.goto("/people");
  await page.getByRole("link", { name: "New person" }).click();
  await page.getByLabel("E-mail address").fill("eve@example.com");
  await page.getByLabel("Given name").fill("Eve");
  await page.getByLabel("Password").fill("eve's password");
  await page.getByRole("button", { name: "Create it" }).click();
  await expect(page.getByText("The person is made.")).toBeVisible();
  await page.getByRole("link", { name: "Try it" }).click();
  await expect(page.locator("input[name=person]:checked")).toHaveCount(1);
  await expect(page.getByText("Eve").first()).toBeAttached();
});
