import { expect } from "@playwright/test";
import * as client from "openid-client";
import { test } from "../../clients/demo";
import { firstPerson, register, SETTINGS, signIn } from "../../clients/openid-client";

// npm openid-client checks signatures with the keys that the provider publishes.

for (const algorithm of ["RS256", "ES256", "EdDSA"]) {
  test(`a client that chose ${algorithm} gets ID tokens signed so, at sign-in and at refresh`, async ({ demo }) => {
    const config = await register(demo, { id_token_signed_response_alg: algorithm });
    expect(config.clientMetadata().id_token_signed_response_alg).toBe(algorithm);
    const first = await signIn(config, firstPerson(demo));
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? "");
    for (const { id_token: token } of [first, second]) {
      const header = JSON.parse(Buffer.from(token?.split(".")[0] ?? "", "base64url").toString());
      expect(header.alg).toBe(algorithm);
      const { jwks } = client.getJwksCache(config) ?? {};
      expect(jwks?.keys.find((key) => key.kid === header.kid)).toMatchObject({ alg: algorithm, use: "sig" });
    }
  });
}

test("a client that expects another algorithm than it registered refuses the ID token", async ({ demo }) => {
  const registered = await register(demo, { id_token_signed_response_alg: "ES256" });
  const { client_id: id, client_secret: secret } = registered.clientMetadata();
  const metadata = { client_secret: secret, id_token_signed_response_alg: "RS256" };
  const authentication = client.ClientSecretBasic();
  const config = await client.discovery(new URL(demo.issuer), id, metadata, authentication, SETTINGS);
  await expect(signIn(config, firstPerson(demo))).rejects.toMatchObject({
    cause: { message: expect.stringContaining('"alg"') },
  });
});
