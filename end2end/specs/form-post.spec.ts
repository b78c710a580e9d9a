import { expect } from "@playwright/test";
import * as client from "openid-client";
import { CallbackServer } from "../clients/callback-server";
import { test as base } from "../clients/demo";
import { begin, register, SETTINGS } from "../clients/openid-client";
import { SignIn } from "../pages/sign-in";

// The page that posts itself to the application, in a browser; what arrives
// there is given to npm openid-client.

const test = base.extend<{ callback: CallbackServer }>({
  callback: async ({}, use) => {
    const callback = await CallbackServer.listen();
    await use(callback);
    await callback.close();
  },
});

for (const [types, prepare] of [
  ["code", []],
  ["code id_token", [client.useCodeIdTokenResponseType]],
] as const) {
  test(`${types} arrives by form_post`, async ({ page, demo, callback, javaScriptEnabled }) => {
    const { redirectUri } = callback;
    const metadata = { redirect_uris: [redirectUri], response_types: [types] };
    const config = await register(demo, metadata, { execute: [...SETTINGS.execute, ...prepare] });
    const begun = await begin(config, { redirect_uri: redirectUri, response_mode: "form_post" });
    await page.goto(begun.start.href);
    const [alice] = demo.people;
    await new SignIn(page).withPassword(alice.email, alice.password);
    if (!javaScriptEnabled) {
      await page.getByRole("button", { name: "Continue" }).click();
    }
    await expect(page.getByText("Back in the application")).toBeVisible();
    expect(page.url()).toBe(redirectUri);
    const tokens = await client.authorizationCodeGrant(config, await callback.arrived, begun.checks);
    expect(tokens.claims()?.nonce).toBe(begun.checks.expectedNonce);
  });
}
