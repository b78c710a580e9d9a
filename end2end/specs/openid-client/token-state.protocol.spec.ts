import { expect } from "@playwright/test";
import * as client from "openid-client";
import { configurationClient, test } from "../../clients/demo";
import { discover, firstPerson, register, signIn } from "../../clients/openid-client";

// npm openid-client asks whether tokens count, and revokes them.

test("a client is told of its own tokens, and a configuration client of every token", async ({ demo }) => {
  const config = await register(demo);
  const tokens = await signIn(config, firstPerson(demo), { scope: "openid profile email" });
  const { client_id: id } = config.clientMetadata();
  const expected = {
    active: true,
    client_id: id,
    scope: "email openid profile",
    sub: tokens.claims()?.sub,
    token_type: "Bearer",
  };
  const configuration = await discover(demo, configurationClient(demo));
  for (const asking of [config, configuration]) {
    expect(await client.tokenIntrospection(asking, tokens.access_token)).toMatchObject(expected);
  }
  const hint = { token_type_hint: "access_token" };
  expect(await client.tokenIntrospection(config, tokens.refresh_token ?? "", hint)).toMatchObject({ active: true });

  const other = await register(demo);
  expect(await client.tokenIntrospection(other, tokens.access_token)).toEqual({ active: false });
  const stranger = await register(demo, { token_endpoint_auth_method: "none" });
  const asked = client.tokenIntrospection(stranger, tokens.access_token);
  await expect(asked).rejects.toMatchObject({ status: 401 });
});

for (const method of ["none", "client_secret_basic"]) {
  test(`a revoked access token dies alone, with ${method}`, async ({ demo }) => {
    const config = await register(demo, { token_endpoint_auth_method: method });
    const tokens = await signIn(config, firstPerson(demo));
    await client.tokenRevocation(config, tokens.access_token);
    const userinfo = client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck);
    await expect(userinfo).rejects.toMatchObject({ status: 401 });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(refreshed.access_token).toBeTruthy();
  });
}

test("a revoked refresh token takes the login's access tokens along", async ({ demo }) => {
  const config = await register(demo);
  const tokens = await signIn(config, firstPerson(demo));
  await client.tokenRevocation(config, tokens.refresh_token ?? "", { token_type_hint: "refresh_token" });
  expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  const refresh = client.refreshTokenGrant(config, tokens.refresh_token ?? "");
  await expect(refresh).rejects.toMatchObject({ error: "invalid_grant" });
});

test("revoking what nobody knows succeeds, and what is another client's does not", async ({ demo }) => {
  const [own, other] = [await register(demo), await register(demo)];
  await client.tokenRevocation(own, "unknown");
  const tokens = await signIn(own, firstPerson(demo));
  await expect(client.tokenRevocation(other, tokens.access_token)).rejects.toThrow();
  expect(await client.tokenIntrospection(own, tokens.access_token)).toMatchObject({ active: true });
});
