import { expect } from "@playwright/test";
import * as client from "openid-client";
import { test } from "../../clients/demo";
import { CALLBACK, register } from "../../clients/openid-client";

// npm openid-client registers itself.

test("a client registers, and reads itself with the token it was given", async ({ demo }) => {
  const config = await register(demo, {
    client_name: "Registered by npm openid-client",
    post_logout_redirect_uris: ["http://127.0.0.1:9/goodbye"],
  });
  const own = config.clientMetadata();
  expect(own).toMatchObject({
    client_name: expect.stringContaining("Registered by npm openid-client"),
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: ["http://127.0.0.1:9/goodbye"],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_basic",
    client_secret_expires_at: 0,
  });
  const at = new URL(String(own.registration_client_uri));
  const read = await client.fetchProtectedResource(config, String(own.registration_access_token), at, "GET");
  expect(await read.json()).toEqual({ ...own });

  const other = await register(demo);
  const foreign = String(other.clientMetadata().registration_access_token);
  await expect(client.fetchProtectedResource(config, foreign, at, "GET")).rejects.toMatchObject({ status: 401 });
});

test("what cannot be registered is refused with the code of the specification", async ({ demo }) => {
  for (const [metadata, error] of [
    [{ redirect_uris: ["http://client.example/callback"] }, "invalid_redirect_uri"],
    [{ redirect_uris: [`${CALLBACK}#fragment`] }, "invalid_redirect_uri"],
    [{ redirect_uris: [] }, "invalid_redirect_uri"],
    [{ id_token_signed_response_alg: "none" }, "invalid_client_metadata"],
    [{ initiate_login_uri: "http://client.example/begin" }, "invalid_client_metadata"],
    [{ backchannel_logout_uri: "https://client.example/logout" }, "invalid_client_metadata"],
  ]) {
    const registered = register(demo, metadata as Partial<client.ClientMetadata>);
    await expect(registered, JSON.stringify(metadata)).rejects.toMatchObject({ error, status: 400 });
  }
});
