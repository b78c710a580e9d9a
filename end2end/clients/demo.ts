import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";

/** What `oidc-playground demo --json` prints: all that a client knows, as any script would. */
export interface Demo {
  issuer: string;
  clients: DemoClient[];
  people: { email: string; username?: string; password: string }[];
}

export interface DemoClient {
  id: string;
  type: "public" | "confidential";
  name: string;
  secret?: string;
  redirectURIs: string[];
}

export const PROGRAM =
  process.env.OIDC_PLAYGROUND_BINARY ?? fileURLToPath(new URL("../../target/release/oidc-playground", import.meta.url));

/** A test that knows the demo customer of the server. */
export const test = base.extend<{ demo: Demo }>({
  demo: async ({ baseURL }, use) => use(demoAt(baseURL ?? "")),
});

/** The demo customer of a server with this address. */
export function demoAt(publicUrl: string): Demo {
  return JSON.parse(execFileSync(PROGRAM, ["demo", "--json", "--public-url", publicUrl], { encoding: "utf8" }));
}

/** The first client for people of this kind. */
export function loginClient(demo: Demo, type: DemoClient["type"]): DemoClient {
  return find(demo, (one) => one.type === type && one.redirectURIs.length > 0);
}

/** The client that administrative tokens are made with. */
export function configurationClient(demo: Demo): DemoClient {
  return find(demo, (one) => one.type === "confidential" && one.redirectURIs.length === 0);
}

function find(demo: Demo, wanted: (one: DemoClient) => boolean): DemoClient {
  const found = demo.clients.find(wanted);
  if (!found) {
    throw new Error("the demo customer has no such client");
  }
  return found;
}
