import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import * as client from "openid-client";

// A client that is not ours, against the demo customer. It knows nothing but
// what `oidc-playground demo --json` prints, as any script would.

interface Demo {
  issuer: string;
  clients: { id: string; type: "public" | "confidential"; name: string; secret?: string; redirectURIs: string[] }[];
  people: { email: string; username?: string; password: string }[];
}

const PROGRAM =
  process.env.OIDC_PLAYGROUND_BINARY ?? fileURLToPath(new URL("../../target/release/oidc-playground", import.meta.url));

function demo(publicUrl: string): Demo {
  return JSON.parse(execFileSync(PROGRAM, ["demo", "--json", "--public-url", publicUrl], { encoding: "utf8" }));
}

/** Goes through authorize and the sign-in form as a browser without scripts would; returns the answer's address. */
async function signIn(start: URL, email: string, password: string, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let address = start;
  let form: URLSearchParams | undefined;
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      body: form,
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "), accept: "text/html" },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const at = pair.indexOf("=");
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get("location");
    if (location) {
      address = new URL(location, address);
      form = undefined;
      if (address.href.startsWith(redirectUri)) {
        return address;
      }
      continue;
    }
    const page = await answer.text();
    const hidden = /name="interaction"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="interaction"/.exec(page);
    expect(hidden, `no sign-in form in the answer ${answer.status}`).not.toBeNull();
    form = new URLSearchParams({ interaction: hidden?.[1] ?? hidden?.[2] ?? "", email, password });
  }
  throw new Error("the provider never came back");
}

for (const type of ["public", "confidential"] as const) {
  test(`openid-client signs alice in with the ${type} client`, async ({ baseURL }) => {
    const { issuer, clients, people } = demo(baseURL ?? "");
    const registered = clients.find((one) => one.type === type && one.redirectURIs.length > 0);
    if (!registered) {
      throw new Error(`the demo customer has no ${type} client`);
    }
    const redirectUri = registered.redirectURIs[0];
    const config = await client.discovery(
      new URL(issuer),
      registered.id,
      undefined,
      registered.secret ? client.ClientSecretBasic(registered.secret) : client.None(),
      { execute: [client.allowInsecureRequests] },
    );
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const expectedNonce = client.randomNonce();
    const start = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: "openid profile address",
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: expectedState,
      nonce: expectedNonce,
    });
    const [person] = people;
    const callback = await signIn(start, person.username ?? person.email, person.password, redirectUri);

    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    expect(claims?.sub).toBeTruthy();
    // The public client's policy does not list address; the confidential one's does.
    expect(tokens.scope).toBe(type === "public" ? "openid profile" : "openid profile address");

    const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? "");
    expect(userinfo.given_name).toBe("Alice");
    expect(userinfo.address === undefined).toBe(type === "public");

    await expect(
      client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState, expectedNonce }),
    ).rejects.toMatchObject({ error: "invalid_grant" });
    await expect(client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? "")).rejects.toThrow();
  });
}

test("openid-client gets an administrative token, and one without scope", async ({ baseURL }) => {
  const { issuer, clients } = demo(baseURL ?? "");
  const configuration = clients.find((one) => one.type === "confidential" && one.redirectURIs.length === 0);
  if (!configuration?.secret) {
    throw new Error("the demo customer has no configuration client");
  }
  const config = await client.discovery(
    new URL(issuer),
    configuration.id,
    undefined,
    client.ClientSecretBasic(configuration.secret),
    { execute: [client.allowInsecureRequests] },
  );
  const granted = await client.clientCredentialsGrant(config, { scope: "*:config/**" });
  expect(granted.scope).toBe("*:config/**");
  const empty = await client.clientCredentialsGrant(config, { scope: "XXXXX" });
  expect(empty.scope).toBeUndefined();
  expect(empty.access_token).toBeTruthy();
});
