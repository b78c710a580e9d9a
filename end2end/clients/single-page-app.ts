import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";
import type { User } from "oidc-client-ts";

const FILES = fileURLToPath(new URL("./single-page-app/", import.meta.url));
const LIBRARY = fileURLToPath(
  new URL("../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js", import.meta.url),
);

const SCRIPT = "text/javascript; charset=utf-8";
const PAGE = "text/html; charset=utf-8";

/** What the application is configured with besides its own addresses. */
export interface Settings {
  authority: string;
  client_id: string;
  scope: string;
}

/** An application with npm oidc-client-ts, served on an origin of its own. */
export class SinglePageApp {
  settings: Settings | undefined;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** Serves it until it is closed. */
  static async serve(): Promise<SinglePageApp> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const app = new SinglePageApp(server, `http://127.0.0.1:${port}`);
    server.on("request", async (request, response) => {
      const { pathname } = new URL(request.url ?? "/", app.origin);
      const [type, body] = await app.file(pathname);
      response.setHeader("content-type", type).end(body);
    });
    return app;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async file(path: string): Promise<[string, Buffer | string]> {
    switch (path) {
      case "/settings.json":
        return ["application/json", JSON.stringify(this.settings)];
      case "/oidc-client-ts.js":
        return [SCRIPT, await readFile(LIBRARY)];
      case "/app.js":
        return [SCRIPT, await readFile(`${FILES}app.js`)];
      default:
        return [PAGE, await readFile(`${FILES}index.html`)];
    }
  }
}

/** The application in a browser. */
export class AppPage {
  constructor(
    readonly page: Page,
    private readonly app: SinglePageApp,
  ) {}

  async open() {
    await this.page.goto(this.app.origin);
    expect(await this.outcome()).toEqual({ done: null });
  }

  async press(name: string) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Presses a button and waits for what its call returns. */
  async call<T = User>(name: string): Promise<T> {
    await this.press(name);
    return this.done();
  }

  /** What the last call returned. */
  async done<T = User>(): Promise<T> {
    const outcome = await this.outcome();
    expect(outcome).toEqual({ done: expect.anything() });
    return outcome.done as T;
  }

  /** What the last call returned or threw. */
  async outcome(): Promise<{ done?: unknown; failed?: string }> {
    const status = this.page.getByRole("status");
    await expect(status).toHaveText(/^\{/);
    return JSON.parse((await status.textContent()) ?? "");
  }
}
