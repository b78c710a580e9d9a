import { expect } from "@playwright/test";
import * as client from "openid-client";
import { test } from "../../clients/demo";
import { begin, CALLBACK, firstPerson, register, secondPerson, signIn, silently } from "../../clients/openid-client";

// npm openid-client asks for more than the usual.

test("single claims are told where they were asked for, without a scope", async ({ demo }) => {
  const config = await register(demo);
  const claims = { id_token: { given_name: { essential: true } }, userinfo: { email: null } };
  const tokens = await signIn(config, firstPerson(demo), { scope: "openid", claims: JSON.stringify(claims) });
  const own = tokens.claims();
  expect([own?.given_name, own?.email]).toEqual(["Alice", undefined]);
  const told = await client.fetchUserInfo(config, tokens.access_token, own?.sub ?? "");
  expect([told.given_name, told.email]).toEqual([undefined, "alice@example.com"]);
});

test("prompt=none succeeds for who is signed in, and is answered with login_required for others", async ({ demo }) => {
  const config = await register(demo);
  const alice = firstPerson(demo);
  await expect(silently(config, alice)).rejects.toMatchObject({ error: "login_required" });
  const first = await signIn(config, alice);
  const second = await silently(config, alice);
  for (const claim of ["sub", "auth_time", "sid"]) {
    expect(second.claims()?.[claim], claim).toEqual(first.claims()?.[claim]);
  }
});

test("prompt=login asks who is signed in once more", async ({ demo }) => {
  const config = await register(demo);
  const alice = firstPerson(demo);
  await signIn(config, alice);
  await signIn(config, alice);
  expect(alice.asked).toBe(1);
  await signIn(config, alice, { prompt: "login" });
  expect(alice.asked).toBe(2);
});

test("max_age asks again when the sign-in is too old, and tells when it was", async ({ demo }) => {
  const config = await register(demo);
  const alice = firstPerson(demo);
  const first = await signIn(config, alice, { max_age: "300" });
  const second = await signIn(config, alice, { max_age: "300" });
  expect(alice.asked).toBe(1);
  expect(second.claims()?.auth_time).toBe(first.claims()?.auth_time);
  await signIn(config, alice, { max_age: "0" });
  expect(alice.asked).toBe(2);
  await expect(silently(config, alice, { max_age: "0" })).rejects.toMatchObject({ error: "login_required" });
});

test("id_token_hint names who is expected", async ({ demo }) => {
  const config = await register(demo);
  const [alice, bo] = [firstPerson(demo), secondPerson(demo)];
  const { id_token: hint = "" } = await signIn(config, alice);
  const again = await silently(config, alice, { id_token_hint: hint });
  expect(again.id_token).toBeTruthy();
  await signIn(config, bo);
  await expect(silently(config, bo, { id_token_hint: hint })).rejects.toMatchObject({ error: "login_required" });
});

test("what the provider does not do is refused, not ignored", async ({ demo }) => {
  const config = await register(demo);
  for (const [parameters, error] of [
    [{ request: "e30.e30." }, "request_not_supported"],
    [{ request_uri: "https://client.example/request" }, "request_uri_not_supported"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ scope: "profile" }, "invalid_scope"],
    [{ claims: "no JSON" }, "invalid_request"],
    [{ prompt: "none login" }, "invalid_request"],
  ] as const) {
    const begun = await begin(config, parameters);
    const answer = await firstPerson(demo).authorize(begun.start, CALLBACK);
    if (answer instanceof URL && answer.hash) {
      // The library looks for the answer to a request for a code in the query only.
      answer.search = answer.hash.slice(1);
    }
    const grant = client.authorizationCodeGrant(config, answer, begun.checks);
    await expect(grant, error).rejects.toMatchObject({ error });
  }
});
