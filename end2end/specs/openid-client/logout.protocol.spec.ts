import { expect } from "@playwright/test";
import * as client from "openid-client";
import { type Demo, test } from "../../clients/demo";
import { firstPerson, register, secondPerson, signIn, silently } from "../../clients/openid-client";
import type { Visitor } from "../../clients/visitor";

// npm openid-client signs people out.

const GOODBYE = "http://127.0.0.1:9/goodbye";

/** Somebody who is signed in, and what the application knows of it. */
async function signedIn(demo: Demo) {
  const config = await register(demo, { post_logout_redirect_uris: [GOODBYE] });
  const alice = firstPerson(demo);
  const tokens = await signIn(config, alice);
  return { config, alice, tokens, hint: tokens.id_token ?? "" };
}

/** Whether somebody is still signed in. */
async function isSignedIn(config: client.Configuration, visitor: Visitor): Promise<boolean> {
  return silently(config, visitor).then(
    () => true,
    (error) => {
      expect(error).toMatchObject({ error: "login_required" });
      return false;
    },
  );
}

test("with an ID token the browser comes back signed out, and the tokens live on", async ({ demo }) => {
  const { config, alice, tokens, hint } = await signedIn(demo);
  const state = "a".repeat(120) + "-._~ &=/";
  const start = client.buildEndSessionUrl(config, {
    id_token_hint: hint,
    post_logout_redirect_uri: GOODBYE,
    state,
  });
  const back = new URL(GOODBYE);
  back.searchParams.set("state", state);
  const outcome = await alice.signOut(start);
  expect("to" in outcome && [...outcome.to.searchParams]).toEqual([["state", state]]);
  expect("to" in outcome && outcome.to.pathname).toBe("/goodbye");
  expect(await isSignedIn(config, alice)).toBe(false);
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? "");
  expect(userinfo.given_name).toBe("Alice");
});

test("without a state none comes back", async ({ demo }) => {
  const { config, alice, hint } = await signedIn(demo);
  const start = client.buildEndSessionUrl(config, { id_token_hint: hint, post_logout_redirect_uri: GOODBYE });
  expect(await alice.signOut(start)).toEqual({ to: new URL(GOODBYE) });
});

test("nobody is led to an address that is not registered", async ({ demo }) => {
  const { config, alice, hint } = await signedIn(demo);
  for (const target of [`${GOODBYE}?foo=bar`, `${GOODBYE}/`, "http://127.0.0.1:10/goodbye", "https://evil.example"]) {
    const start = client.buildEndSessionUrl(config, { id_token_hint: hint, post_logout_redirect_uri: target });
    expect(await alice.signOut(start), target).toMatchObject({ status: 400 });
  }
});

test("without an ID token the person is asked first", async ({ demo }) => {
  const { config, alice } = await signedIn(demo);
  const start = client.buildEndSessionUrl(config, { post_logout_redirect_uri: GOODBYE, state: "s" });
  expect(await alice.signOut(start)).toMatchObject({ status: 200, page: expect.stringContaining("log out?") });
  expect(await isSignedIn(config, alice)).toBe(true);
  await alice.signOut(start, "stay");
  expect(await isSignedIn(config, alice)).toBe(true);
  expect(await alice.signOut(start, "logout")).toEqual({ to: new URL(`${GOODBYE}?state=s`) });
  expect(await isSignedIn(config, alice)).toBe(false);
});

test("an ID token that the provider did not sign proves nothing", async ({ demo }) => {
  const { config, alice, hint } = await signedIn(demo);
  const [header, payload, signature] = hint.split(".");
  const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
  for (const forged of [`${none}.${payload}.`, `${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`, "nonsense"]) {
    const start = client.buildEndSessionUrl(config, { id_token_hint: forged, post_logout_redirect_uri: GOODBYE });
    expect(await alice.signOut(start), forged).toMatchObject({ status: 400 });
  }
  expect(await isSignedIn(config, alice)).toBe(true);
});

test("an ID token of somebody else signs nobody out without asking", async ({ demo }) => {
  const { config, hint } = await signedIn(demo);
  const bo = secondPerson(demo);
  await signIn(config, bo);
  const start = client.buildEndSessionUrl(config, { id_token_hint: hint, post_logout_redirect_uri: GOODBYE });
  expect(await bo.signOut(start)).toMatchObject({ status: 200, page: expect.stringContaining("bo@example.com") });
  expect(await isSignedIn(config, bo)).toBe(true);
});
