import { expect } from "@playwright/test";
import * as client from "openid-client";
import { test } from "../../clients/demo";
import { begin, CALLBACK, firstPerson, register, SETTINGS } from "../../clients/openid-client";
import type { Answer } from "../../clients/visitor";

// npm openid-client takes answers in every response type and mode that it knows.

/** Where the parameters of an answer are. */
function carriedBy(answer: Answer): string {
  if (answer instanceof URL) {
    return answer.hash ? "fragment" : "query";
  }
  expect(new URL(answer.url).search + new URL(answer.url).hash).toBe("");
  return "form_post";
}

for (const [mode, carried] of [
  [undefined, "query"],
  ["query", "query"],
  ["form_post", "form_post"],
] as const) {
  test(`code, answered by ${mode ?? "default"}`, async ({ demo }) => {
    const config = await register(demo);
    const begun = await begin(config, mode && { response_mode: mode });
    const answer = await firstPerson(demo).authorize(begun.start, CALLBACK);
    expect(carriedBy(answer)).toBe(carried);
    const tokens = await client.authorizationCodeGrant(config, answer, begun.checks);
    expect(tokens.claims()?.nonce).toBe(begun.checks.expectedNonce);
  });
}

for (const [mode, carried] of [
  [undefined, "fragment"],
  ["fragment", "fragment"],
  ["form_post", "form_post"],
] as const) {
  test(`id_token, answered by ${mode ?? "default"}`, async ({ demo }) => {
    const settings = { execute: [...SETTINGS.execute, client.useIdTokenResponseType] };
    const config = await register(demo, { response_types: ["id_token"], grant_types: ["implicit"] }, settings);
    const begun = await begin(config, mode && { response_mode: mode });
    expect(begun.start.searchParams.get("response_type")).toBe("id_token");
    const answer = await firstPerson(demo).authorize(begun.start, CALLBACK);
    expect(carriedBy(answer)).toBe(carried);
    const { expectedNonce, expectedState } = begun.checks;
    const claims = await client.implicitAuthentication(config, answer, expectedNonce, { expectedState });
    // Without an access token the claims of the scopes can be nowhere else.
    expect(claims.email).toBe("alice@example.com");
  });

  test(`code id_token, answered by ${mode ?? "default"}`, async ({ demo }) => {
    const settings = { execute: [...SETTINGS.execute, client.useCodeIdTokenResponseType] };
    const config = await register(demo, { response_types: ["code id_token"] }, settings);
    const begun = await begin(config, mode && { response_mode: mode });
    expect(begun.start.searchParams.get("response_type")).toBe("code id_token");
    const answer = await firstPerson(demo).authorize(begun.start, CALLBACK);
    expect(carriedBy(answer)).toBe(carried);
    const tokens = await client.authorizationCodeGrant(config, answer, begun.checks);
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? "");
    expect(userinfo.email).toBe("alice@example.com");
  });
}

test("an ID token of the front channel that was altered is noticed", async ({ demo }) => {
  const settings = { execute: [...SETTINGS.execute, client.useIdTokenResponseType] };
  const config = await register(demo, { response_types: ["id_token"], grant_types: ["implicit"] }, settings);
  const begun = await begin(config);
  const answer = await firstPerson(demo).authorize(begun.start, CALLBACK);
  const altered = new URL(answer instanceof URL ? answer : answer.url);
  const parameters = new URLSearchParams(altered.hash.slice(1));
  const [header, payload, signature] = (parameters.get("id_token") ?? "").split(".");
  const first = signature.startsWith("A") ? "B" : "A";
  parameters.set("id_token", [header, payload, first + signature.slice(1)].join("."));
  altered.hash = parameters.toString();
  const { expectedNonce, expectedState } = begun.checks;
  await expect(client.implicitAuthentication(config, altered, expectedNonce, { expectedState })).rejects.toThrow();
});
