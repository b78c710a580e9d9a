import { expect } from "@playwright/test";
import * as client from "openid-client";
import { test } from "../../clients/demo";
import { firstPerson, register, signIn } from "../../clients/openid-client";

// npm openid-client refreshes.

/** A refresh token, which every login brings. */
function refreshToken(tokens: client.TokenEndpointResponse): string {
  expect(tokens.refresh_token).toBeTruthy();
  return tokens.refresh_token ?? "";
}

for (const method of ["none", "client_secret_basic"]) {
  test(`new tokens come for the same person, with ${method}`, async ({ demo }) => {
    const config = await register(demo, { token_endpoint_auth_method: method });
    const first = await signIn(config, firstPerson(demo));
    const second = await client.refreshTokenGrant(config, refreshToken(first));
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.scope).toBe(first.scope);

    const [before, after] = [first.claims(), second.claims()];
    for (const claim of ["iss", "sub", "aud", "auth_time", "sid"]) {
      expect(after?.[claim], claim).toEqual(before?.[claim]);
    }
    expect(after?.iat).toBeGreaterThanOrEqual(before?.iat ?? 0);

    const userinfo = await client.fetchUserInfo(config, second.access_token, before?.sub ?? "");
    expect(userinfo.email).toBe("alice@example.com");
  });
}

test("a refresh token that comes twice ends the login", async ({ demo }) => {
  const config = await register(demo);
  const first = await signIn(config, firstPerson(demo));
  const second = await client.refreshTokenGrant(config, refreshToken(first));
  const replay = client.refreshTokenGrant(config, refreshToken(first));
  await expect(replay).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  const successor = client.refreshTokenGrant(config, refreshToken(second));
  await expect(successor).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  for (const { access_token: token } of [first, second]) {
    await expect(client.fetchUserInfo(config, token, client.skipSubjectCheck)).rejects.toThrow();
    expect(await client.tokenIntrospection(config, token)).toEqual({ active: false });
  }
});

test("of several refreshes at once one succeeds", async ({ demo }) => {
  const config = await register(demo);
  const first = await signIn(config, firstPerson(demo));
  const refreshes = Array.from({ length: 6 }, () => client.refreshTokenGrant(config, refreshToken(first)));
  const outcomes = await Promise.allSettled(refreshes);
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
});

test("a refresh may ask for less, and the next for everything again, but never for more", async ({ demo }) => {
  const config = await register(demo);
  const first = await signIn(config, firstPerson(demo), { scope: "openid profile email" });
  const less = await client.refreshTokenGrant(config, refreshToken(first), { scope: "openid email" });
  expect(less.scope).toBe("openid email");
  const told = await client.fetchUserInfo(config, less.access_token, client.skipSubjectCheck);
  expect([told.email, told.given_name]).toEqual(["alice@example.com", undefined]);

  const more = client.refreshTokenGrant(config, refreshToken(less), { scope: "openid address" });
  await expect(more).rejects.toMatchObject({ error: "invalid_scope", status: 400 });
  const whole = await client.refreshTokenGrant(config, refreshToken(less));
  expect(whole.scope).toBe("openid profile email");
});

test("a refresh token is of no use to another client", async ({ demo }) => {
  const [own, other] = [await register(demo), await register(demo)];
  const tokens = await signIn(own, firstPerson(demo));
  const stolen = client.refreshTokenGrant(other, refreshToken(tokens));
  await expect(stolen).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
});
