import { expect } from "@playwright/test";
import * as client from "openid-client";
import { type Demo, demoAt, test as base } from "../../clients/demo";
import { firstPerson, register, rotateKeys, SETTINGS, signIn, silently } from "../../clients/openid-client";
import { OwnServer } from "../../clients/own-server";

// npm openid-client, while keys change: on a server of its own, because nobody
// else's keys are to change in the middle of a test.

const test = base.extend({
  demo: async ({}, use) => {
    const server = await OwnServer.start();
    await use(demoAt(server.origin));
    await server.stop();
  },
});

function kid(token: string | undefined): string {
  return JSON.parse(Buffer.from(token?.split(".")[0] ?? "", "base64url").toString()).kid;
}

/** The same application after a restart, with the keys it kept; the library looks for new ones after a minute. */
async function restarted(demo: Demo, config: client.Configuration): Promise<client.Configuration> {
  const { client_id: id, client_secret: secret } = config.clientMetadata();
  const again = await client.discovery(new URL(demo.issuer), id, secret, client.ClientSecretBasic(secret), SETTINGS);
  const kept = client.getJwksCache(config);
  client.setJwksCache(again, { jwks: { keys: kept?.jwks.keys ?? [] }, uat: (kept?.uat ?? 0) - 61 });
  return again;
}

test("keys that are new are found, and what the former signed still counts", async ({ demo }) => {
  const before = await register(demo);
  const alice = firstPerson(demo);
  const first = await signIn(before, alice);
  const config = await restarted(demo, before);
  await rotateKeys(demo);

  const second = await silently(config, alice, { id_token_hint: first.id_token ?? "" });
  expect(kid(second.id_token)).not.toBe(kid(first.id_token));
  const kids = client.getJwksCache(config)?.jwks.keys.map((key) => key.kid);
  expect(kids).toContain(kid(first.id_token));
  expect(kids).toContain(kid(second.id_token));

  // The access token is signed, too.
  const userinfo = await client.fetchUserInfo(config, first.access_token, first.claims()?.sub ?? "");
  expect(userinfo.given_name).toBe("Alice");
  const third = await client.refreshTokenGrant(config, first.refresh_token ?? "");
  expect(kid(third.id_token)).toBe(kid(second.id_token));
});
