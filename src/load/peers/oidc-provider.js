// npm oidc-provider with settings like those of our demo customer.
//
// What is equal: a 2048-bit RSA key, opaque access tokens of one hour, signed
// ones where they are asked for, a public client that must use PKCE, rotating
// refresh tokens without `offline_access`, `iss` in authorization responses,
// and a plain sign-in page that believes whoever is named, as our page's "pick
// a person" does.
//
// What favours it: everything is kept in memory and forgotten at the end, where
// ours writes each code and token to disk before it answers. Consent, which
// Hosted Login does not know, is granted without a page and without a redirect.
// Its own `devInteractions`, whose pages print everything they know, are off.

import { createServer } from "node:http";
import { once } from "node:events";
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";
import { announce } from "./profile.js";

const SECRET = "a-secret-of-the-load-test";
const CALLBACK = "http://127.0.0.1/callback";
const ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const HOUR = 3600;

const keys = () =>
  [
    ["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["EdDSA", generateKeyPairSync("ed25519")],
  ].map(([alg, { privateKey }]) => ({
    ...privateKey.export({ format: "jwk" }),
    alg,
    kid: alg,
    use: "sig",
  }));

const machine = (id) => ({
  client_id: id,
  client_secret: SECRET,
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
});

const configuration = () => ({
  clients: [
    {
      client_id: "browser",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      redirect_uris: [CALLBACK],
    },
    machine("machine"),
    ...ALGORITHMS.map((algorithm) => machine(`machine-${algorithm}`)),
  ],
  jwks: { keys: keys() },
  cookies: { keys: ["not a secret: a load test"] },
  claims: { openid: ["sub"], profile: ["name", "given_name", "family_name"] },
  scopes: ["openid", "profile", "config"],
  findAccount: (_, accountId) => ({
    accountId,
    claims: () => ({
      sub: accountId,
      name: "Alice Archer",
      given_name: "Alice",
      family_name: "Archer",
    }),
  }),
  async loadExistingGrant(ctx) {
    const { client, session, provider } = ctx.oidc;
    const grant = new provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    });
    grant.addOIDCScope("openid profile");
    await grant.save();
    return grant;
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: "config",
        audience: resource,
        accessTokenTTL: HOUR,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: resource.slice("urn:load:".length) } },
      }),
      defaultResource: (_, client) => {
        const signed = /^machine-(\w+)$/.exec(client.clientId);
        return signed ? `urn:load:${signed[1]}` : undefined;
      },
    },
  },
  issueRefreshToken: (_, client) => client.grantTypeAllowed("refresh_token"),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: HOUR,
    ClientCredentials: HOUR,
    AuthorizationCode: 300,
    IdToken: HOUR,
    RefreshToken: 24 * HOUR,
    Interaction: 1800,
    Session: 12 * HOUR,
    Grant: 24 * HOUR,
  },
});

function page(uid) {
  return `<!DOCTYPE html><title>Sign in</title><h1>Sign in</h1>
<form method="post" action="/interaction/${uid}">
<input name="login" required><button>Sign in</button></form>`;
}

async function body(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

async function interact(provider, request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method === "POST") {
    const accountId = (await body(request)).get("login");
    await provider.interactionFinished(request, response, { login: { accountId } });
  } else {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("cache-control", "no-store");
    response.end(page(uid));
  }
}

const server = createServer().listen(Number(process.argv[2] ?? 0), "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, configuration());
const answer = provider.callback();
server.on("request", (request, response) => {
  if (request.url.startsWith("/interaction/")) {
    interact(provider, request, response).catch(() => {
      response.statusCode = 400;
      response.end("This sign-in is over");
    });
  } else {
    answer(request, response);
  }
});

announce({
  name: "oidc-provider",
  issuer,
  machine: { id: "machine", secret: SECRET, scope: "config" },
  signed: Object.fromEntries(
    ALGORITHMS.map((algorithm) => [
      algorithm,
      { id: `machine-${algorithm}`, secret: SECRET, scope: "config" },
    ]),
  ),
  login: {
    clientId: "browser",
    redirectUri: CALLBACK,
    scope: "openid profile",
    chosen: { fill: { login: "alice" } },
  },
});
