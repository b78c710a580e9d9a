import { expect } from "@playwright/test";
import type { SigningKey, User } from "oidc-client-ts";
import { type Demo, demoAt, loginClient, test as base } from "../clients/demo";
import { Network } from "../clients/network";
import { register, rotateKeys } from "../clients/openid-client";
import { OwnServer } from "../clients/own-server";
import { AppPage, SinglePageApp } from "../clients/single-page-app";
import { SignIn } from "../pages/sign-in";

// npm oidc-client-ts, a client that is not ours, in Chromium: a single-page
// application on another origin than the provider's.

const test = base.extend<{ app: SinglePageApp; network: Network }>({
  app: async ({}, use) => {
    const app = await SinglePageApp.serve();
    await use(app);
    await app.close();
  },
  network: [
    async ({ context, demo }, use) => {
      const network = new Network(context, demo.issuer.replace(/\/login$/, ""));
      await use(network);
      expect(network.problems).toEqual([]);
    },
    { auto: true },
  ],
});

/** Registers the application as a public client. */
async function registered(demo: Demo, app: SinglePageApp): Promise<void> {
  const config = await register(demo, {
    client_name: "Single-page application",
    redirect_uris: [`${app.origin}/callback`],
    post_logout_redirect_uris: [`${app.origin}/goodbye`],
    token_endpoint_auth_method: "none",
  });
  app.settings = {
    authority: demo.issuer,
    client_id: config.clientMetadata().client_id,
    scope: "openid profile email",
  };
}

async function signIn({ page }: AppPage, { people: [alice] }: Demo) {
  await new SignIn(page).withPassword(alice.email, alice.password);
}

test("signs in, fetches keys, renews, revokes", async ({ page, demo, app, network }) => {
  await registered(demo, app);
  const spa = new AppPage(page, app);
  await spa.open();
  await spa.press("Sign in");
  await signIn(spa, demo);
  const user = await spa.done();
  expect(user.scope).toBe("openid profile email");
  // The ID token has neither; both came from userinfo.
  expect(user.profile).toMatchObject({ given_name: "Alice", email: "alice@example.com" });

  const keys = await spa.call<SigningKey[]>("Fetch keys");
  const header = JSON.parse(Buffer.from(user.id_token?.split(".")[0] ?? "", "base64url").toString());
  expect(keys.map((key) => key.kid)).toContain(header.kid);

  const renewed = await spa.call("Renew");
  expect(renewed.access_token).not.toBe(user.access_token);
  expect(renewed.refresh_token).not.toBe(user.refresh_token);
  expect(renewed.profile).toMatchObject({ sub: user.profile.sub, email: "alice@example.com" });

  await spa.press("Revoke");
  expect(await spa.outcome()).toEqual({ done: null });
  const userinfo = `${demo.issuer.replace(/\/login$/, "")}/profiles/oidc/userinfo`;
  const answer = await fetch(userinfo, { headers: { authorization: `Bearer ${renewed.access_token}` } });
  expect(answer.status).toBe(401);

  // Cookies know no ports: the application would see those of the provider if it could.
  const cookies = await page.context().cookies(demo.issuer);
  expect(cookies).not.toEqual([]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  }
  expect(await page.evaluate(() => document.cookie)).toBe("");

  expect(await network.fetchedFromOutside()).toEqual([
    "/login/.well-known/openid-configuration",
    "/login/jwk",
    "/login/token",
    "/login/token/revoke",
    "/profiles/oidc/userinfo",
  ]);
});

test("signs in with the demo customer's public client, whose port is free to choose", async ({ page, demo, app }) => {
  app.settings = {
    authority: demo.issuer,
    client_id: loginClient(demo, "public").id,
    scope: "openid profile email",
  };
  const spa = new AppPage(page, app);
  await spa.open();
  await spa.press("Sign in");
  await signIn(spa, demo);
  const user = await spa.done();
  // The policy of this client drops email.
  expect(user.scope).toBe("openid profile");
  expect(user.profile.email).toBeUndefined();
});

test("signs in in a window of its own", async ({ page, demo, app }) => {
  await registered(demo, app);
  const spa = new AppPage(page, app);
  await spa.open();
  const opened = page.waitForEvent("popup");
  await spa.press("Sign in in a window");
  const popup = await opened;
  const closed = popup.waitForEvent("close");
  await signIn(new AppPage(popup, app), demo);
  await closed;
  expect((await spa.done()).profile.given_name).toBe("Alice");
});

test("finds who is signed in, without a page and without tokens", async ({ page, demo, app }) => {
  await registered(demo, app);
  const spa = new AppPage(page, app);
  await spa.open();
  await spa.press("Renew");
  expect(await spa.outcome()).toEqual({ failed: "login_required" });
  await spa.press("Sign in");
  await signIn(spa, demo);
  const user = await spa.done();
  await spa.press("Forget me");
  expect(await spa.outcome()).toEqual({ done: null });
  const found = await spa.call<User>("Renew");
  expect(found.profile.sub).toBe(user.profile.sub);
  expect(found.access_token).not.toBe(user.access_token);
});

test("signs out, and the browser comes back", async ({ page, demo, app }) => {
  await registered(demo, app);
  const spa = new AppPage(page, app);
  await spa.open();
  await spa.press("Sign in");
  await signIn(spa, demo);
  await spa.done();
  await spa.press("Sign out");
  await expect(page).toHaveURL(/\/goodbye\?state=\w+$/);
  expect(await spa.done()).toMatchObject({ userState: "what was open" });
  await spa.press("Renew");
  expect(await spa.outcome()).toEqual({ failed: "login_required" });
});

test("is told when somebody presses Cancel", async ({ page, demo, app }) => {
  await registered(demo, app);
  const spa = new AppPage(page, app);
  await spa.open();
  await spa.press("Sign in");
  await new SignIn(page).cancel();
  expect(await spa.outcome()).toEqual({ failed: "access_denied" });
});

test.describe("while keys change", () => {
  // A server of its own, because nobody else's keys are to change in the middle of a test.
  test.use({
    demo: async ({}, use) => {
      const server = await OwnServer.start();
      await use(demoAt(server.origin));
      await server.stop();
    },
  });

  test("finds keys that are new at once", async ({ page, demo, app }) => {
    await registered(demo, app);
    const spa = new AppPage(page, app);
    await spa.open();
    const before = await spa.call<SigningKey[]>("Fetch keys");
    await rotateKeys(demo);
    await spa.open();
    const after = await spa.call<SigningKey[]>("Fetch keys");
    expect(after.length).toBe(2 * before.length);
  });
});
