import { expect, type BrowserContext, type Request } from "@playwright/test";

/**
 * Everything that goes wrong in a browser, and what it fetched from another
 * origin than that of the page.
 */
export class Network {
  /** Errors on the console, scripts that broke off, requests that never got an answer. */
  readonly problems: string[] = [];
  readonly #fetched: Request[] = [];

  constructor(
    context: BrowserContext,
    private readonly provider: string,
  ) {
    context.on("console", (message) => {
      if (message.type() === "error") {
        this.problems.push(`${message.location().url}: ${message.text()}`);
      }
    });
    context.on("weberror", (error) => this.problems.push(String(error.error())));
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      // Whoever goes on to the next page does not wait for what the last one loads.
      if (reason !== "net::ERR_ABORTED") {
        this.problems.push(`${request.url()}: ${reason}`);
      }
    });
    context.on("requestfinished", (request) => {
      const page = () => new URL(request.frame().url()).origin;
      if (request.url().startsWith(this.provider) && request.resourceType() === "fetch" && page() !== this.#origin) {
        this.#fetched.push(request);
      }
    });
  }

  get #origin() {
    return new URL(this.provider).origin;
  }

  /**
   * The provider's paths that pages of other origins fetched, each once. The
   * browser let them read every answer, and sent no cookie along.
   */
  async fetchedFromOutside(): Promise<string[]> {
    const paths = new Set<string>();
    for (const request of this.#fetched) {
      const { cookie } = await request.allHeaders();
      expect(cookie, request.url()).toBeUndefined();
      const answer = await request.response();
      expect(answer?.status(), request.url()).toBe(200);
      expect(answer?.headers()["access-control-allow-origin"], request.url()).toBe("*");
      paths.add(request.url().slice(this.provider.length));
    }
    return [...paths].sort();
  }
}
