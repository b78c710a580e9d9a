import { expect } from "@playwright/test";
import * as client from "openid-client";
import { configurationClient, type Demo, type DemoClient } from "./demo";
import { Visitor } from "./visitor";

/**
 * What every client here is set up with: plain http, which is all that there is
 * on loopback, and signatures checked also of ID tokens that came straight from
 * the token endpoint.
 */
export const SETTINGS = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };

/** Where registered clients are sent back to; nobody listens there. */
export const CALLBACK = "http://127.0.0.1:9/callback";

/** Sets the library up for a client of the demo customer. */
export async function discover(demo: Demo, registered: DemoClient): Promise<client.Configuration> {
  const authentication = registered.secret ? client.ClientSecretBasic(registered.secret) : client.None();
  return client.discovery(new URL(demo.issuer), registered.id, undefined, authentication, SETTINGS);
}

/** A client of this test's own. */
export async function register(
  demo: Demo,
  metadata: Partial<client.ClientMetadata> = {},
  settings: client.DynamicClientRegistrationRequestOptions = SETTINGS,
): Promise<client.Configuration> {
  const authentication = metadata.token_endpoint_auth_method === "none" ? client.None() : client.ClientSecretBasic();
  const whole = { redirect_uris: [CALLBACK], ...metadata };
  return client.dynamicClientRegistration(new URL(demo.issuer), whole, authentication, settings);
}

/** A new browser of the first person of the demo customer. */
export function firstPerson(demo: Demo): Visitor {
  const [person] = demo.people;
  return new Visitor(person.username ?? person.email, person.password);
}

/** A new browser of somebody else. */
export function secondPerson(demo: Demo): Visitor {
  const person = demo.people[1];
  return new Visitor(person.email, person.password);
}

/** A login for which nobody may be asked anything. */
export async function silently(
  config: client.Configuration,
  visitor: Visitor,
  parameters: Record<string, string> = {},
): ReturnType<typeof signIn> {
  const before = visitor.asked;
  const tokens = signIn(config, visitor, { prompt: "none", ...parameters });
  await tokens.catch(() => undefined);
  expect(visitor.asked).toBe(before);
  return tokens;
}

/** A login that has begun: what the application remembers until its answer comes. */
export interface Begun {
  start: URL;
  redirectUri: string;
  checks: client.AuthorizationCodeGrantChecks & { expectedState: string; expectedNonce: string };
}

/** Composes an authorization request for everything that there is, unless told otherwise. */
export async function begin(config: client.Configuration, parameters: Record<string, string> = {}): Promise<Begun> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const expectedNonce = client.randomNonce();
  const redirectUri = parameters.redirect_uri ?? CALLBACK;
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid profile email address phone",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  });
  return { start, redirectUri, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

/** The tokens of a login, from composing the request to exchanging the code. */
export async function signIn(
  config: client.Configuration,
  visitor: Visitor,
  parameters: Record<string, string> = {},
): ReturnType<typeof client.authorizationCodeGrant> {
  const begun = await begin(config, parameters);
  const answer = await visitor.authorize(begun.start, begun.redirectUri);
  const maxAge = parameters.max_age === undefined ? undefined : Number(parameters.max_age);
  return client.authorizationCodeGrant(config, answer, { ...begun.checks, maxAge });
}

/** New keys for the demo customer. */
export async function rotateKeys(demo: Demo): Promise<void> {
  const config = await discover(demo, configurationClient(demo));
  const { access_token: token } = await client.clientCredentialsGrant(config, { scope: "*:config/**" });
  const at = new URL(`${demo.issuer.replace(/\/login$/, "")}/config/keys/rotate`);
  const answer = await client.fetchProtectedResource(config, token, at, "POST");
  expect(answer.status).toBe(201);
}
