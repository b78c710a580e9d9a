import { expect } from "@playwright/test";
import * as client from "openid-client";
import { configurationClient, test } from "../../clients/demo";
import { discover } from "../../clients/openid-client";

// npm openid-client with the configuration client.

test("an administrative token has the scope that was asked for, and opens the configuration API", async ({ demo }) => {
  const config = await discover(demo, configurationClient(demo));
  const granted = await client.clientCredentialsGrant(config, { scope: "*:config/**" });
  expect(granted.scope).toBe("*:config/**");
  expect(granted.refresh_token).toBeUndefined();
  const policies = new URL(`${demo.issuer.replace(/\/login$/, "")}/config/tokenPolicies`);
  const answer = await client.fetchProtectedResource(config, granted.access_token, policies, "GET");
  expect(answer.status).toBe(200);
});

test("a scope that the policy does not list brings a token without scope, which counts and opens nothing", async ({
  demo,
}) => {
  const config = await discover(demo, configurationClient(demo));
  const empty = await client.clientCredentialsGrant(config, { scope: "XXXXX" });
  expect(empty.scope).toBeUndefined();
  expect(await client.tokenIntrospection(config, empty.access_token)).toMatchObject({ active: true });
  const policies = new URL(`${demo.issuer.replace(/\/login$/, "")}/config/tokenPolicies`);
  const answer = await client.fetchProtectedResource(config, empty.access_token, policies, "GET");
  expect(answer.status).toBe(403);
});

test("nobody is told about, with an administrative token", async ({ demo }) => {
  const config = await discover(demo, configurationClient(demo));
  const { access_token: token } = await client.clientCredentialsGrant(config, { scope: "openid *:**" });
  const userinfo = client.fetchUserInfo(config, token, client.skipSubjectCheck);
  await expect(userinfo).rejects.toMatchObject({ status: 403 });
});
