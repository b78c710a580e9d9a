import { expect } from "@playwright/test";
import * as client from "openid-client";
import { loginClient, test } from "../../clients/demo";
import { begin, CALLBACK, discover, firstPerson, register, signIn } from "../../clients/openid-client";

// npm openid-client, a client that is not ours, signs people in.

/** The library's name for 401 with `WWW-Authenticate`. */
const CHALLENGED = "OAUTH_WWW_AUTHENTICATE_CHALLENGE";

for (const type of ["public", "confidential"] as const) {
  test(`alice signs in with the demo customer's ${type} client`, async ({ demo }) => {
    const registered = loginClient(demo, type);
    const config = await discover(demo, registered);
    const begun = await begin(config, {
      redirect_uri: registered.redirectURIs[0],
      scope: "openid profile address",
    });
    const answer = await firstPerson(demo).authorize(begun.start, begun.redirectUri);
    const tokens = await client.authorizationCodeGrant(config, answer, begun.checks);
    // The public client's policy does not list address; the confidential one's does.
    expect(tokens.scope).toBe(type === "public" ? "openid profile" : "openid profile address");

    const { sub } = tokens.claims() ?? {};
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub ?? "");
    expect(userinfo.given_name).toBe("Alice");
    expect(userinfo.address === undefined).toBe(type === "public");

    // A code that comes twice takes the tokens along.
    const replay = client.authorizationCodeGrant(config, answer, begun.checks);
    await expect(replay).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(client.fetchUserInfo(config, tokens.access_token, sub ?? "")).rejects.toThrow();
  });
}

test("a secret is taken from the body as well as from the header", async ({ demo }) => {
  const registered = await register(demo, { token_endpoint_auth_method: "client_secret_post" });
  const { client_id: id, client_secret: secret } = registered.clientMetadata();
  const configOf = (authentication: client.ClientAuth) =>
    client.discovery(new URL(demo.issuer), id, undefined, authentication, {
      execute: [client.allowInsecureRequests],
    });
  const alice = firstPerson(demo);
  for (const authentication of [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)]) {
    const tokens = await signIn(await configOf(authentication), alice);
    expect(tokens.claims()?.aud).toBe(id);
  }
  const wrong = signIn(await configOf(client.ClientSecretPost("wrong")), alice);
  await expect(wrong).rejects.toMatchObject({ code: CHALLENGED, status: 401 });
  const none = signIn(await configOf(client.None()), alice);
  await expect(none).rejects.toMatchObject({ code: CHALLENGED, status: 401 });
});

test("whoever does not hold the verifier gets nothing for the code", async ({ demo }) => {
  const config = await register(demo, { token_endpoint_auth_method: "none" });
  const alice = firstPerson(demo);
  for (const pkceCodeVerifier of [client.randomPKCECodeVerifier(), undefined]) {
    const begun = await begin(config);
    const answer = await alice.authorize(begun.start, CALLBACK);
    const stolen = client.authorizationCodeGrant(config, answer, { ...begun.checks, pkceCodeVerifier });
    await expect(stolen).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
  }
});

test("an answer meant for another login is noticed", async ({ demo }) => {
  const config = await register(demo);
  const alice = firstPerson(demo);
  const one = await begin(config);
  const other = await begin(config);
  const answer = await alice.authorize(one.start, CALLBACK);
  const otherState = client.authorizationCodeGrant(config, answer, other.checks);
  await expect(otherState).rejects.toMatchObject({ cause: { message: expect.stringContaining('"state"') } });
  const nonce = { ...one.checks, expectedNonce: other.checks.expectedNonce };
  const otherNonce = client.authorizationCodeGrant(config, answer, nonce);
  await expect(otherNonce).rejects.toMatchObject({ cause: { message: expect.stringContaining('"nonce"') } });
});

test("whoever presses Cancel is sent back with access_denied", async ({ demo }) => {
  const config = await register(demo);
  const begun = await begin(config);
  const answer = await firstPerson(demo).cancel(begun.start, CALLBACK);
  const grant = client.authorizationCodeGrant(config, answer, begun.checks);
  await expect(grant).rejects.toMatchObject({ error: "access_denied" });
});
