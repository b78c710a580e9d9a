import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The place that browsers are sent back to, with what came there. */
export class CallbackServer {
  /** The first thing that arrived at the redirect URI. */
  readonly arrived: Promise<Request>;

  private constructor(
    private readonly server: Server,
    readonly redirectUri: string,
  ) {
    this.arrived = new Promise((resolve) => {
      server.on("request", async (request, response) => {
        const { method = "GET", headers } = request;
        const body = method === "POST" ? await text(request) : undefined;
        response.setHeader("content-type", "text/plain").end("Back in the application");
        if (request.url?.startsWith("/callback")) {
          const address = new URL(request.url, redirectUri);
          const type = headers["content-type"] ?? "";
          resolve(new Request(address, { method, body, headers: body === undefined ? {} : { "content-type": type } }));
        }
      });
    });
  }

  /** Listens until it is closed. */
  static async listen(): Promise<CallbackServer> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    return new CallbackServer(server, `http://127.0.0.1:${port}/callback`);
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
