import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PROGRAM } from "./demo";

/** A server that one test has for itself, with a database that forgets everything. */
export class OwnServer {
  private constructor(
    private readonly program: ChildProcess,
    readonly origin: string,
  ) {}

  static async start(): Promise<OwnServer> {
    const settings = Object.entries(process.env).filter(([name]) => !name.startsWith("OIDC_PLAYGROUND_"));
    const program = spawn(PROGRAM, ["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite::memory:"], {
      env: Object.fromEntries(settings),
      stdio: ["ignore", "pipe", "ignore"],
    });
    for await (const line of createInterface(program.stdout)) {
      const [, origin] = /^Listening on (http:.*)$/.exec(line) ?? [];
      if (origin) {
        return new OwnServer(program, origin);
      }
    }
    throw new Error("the server ended before it listened");
  }

  async stop() {
    if (this.program.exitCode === null) {
      this.program.kill();
      await once(this.program, "exit");
    }
  }
}
