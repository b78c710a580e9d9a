import { forms, type Form } from "./html";

/** What the application gets: an address, or a form that was posted to it. */
export type Answer = URL | Request;

/** Where signing out ends: at an address of the application, or on a page of the provider. */
export type SignedOut = { to: URL } | { page: string; status: number };

/**
 * A person with a browser that has no scripts: it keeps cookies, follows
 * redirects, fills in the sign-in form, and sends on the form that an answer by
 * `form_post` is.
 */
export class Visitor {
  /** How often this visitor was asked to sign in. */
  asked = 0;
  readonly #cookies = new Map<string, string>();

  constructor(
    private readonly login: string,
    private readonly password: string,
  ) {}

  /** Goes through authorize until the application has its answer. */
  async authorize(start: URL, redirectUri: string): Promise<Answer> {
    return this.#go(start, redirectUri, (page) => this.#signIn(page));
  }

  /** The same, but presses Cancel instead of signing in. */
  async cancel(start: URL, redirectUri: string): Promise<Answer> {
    return this.#go(start, redirectUri, (page) => find(page, "action", "cancel"));
  }

  /** Goes through signing out; answers the question whether to, if it comes and an answer is given. */
  async signOut(start: URL, press?: "logout" | "stay"): Promise<SignedOut> {
    let address = start;
    let form: URLSearchParams | undefined;
    for (let hops = 0; hops < HOPS; hops += 1) {
      const answer = await this.#send(address, form);
      const next = answer.headers.get("location");
      form = undefined;
      if (next) {
        address = new URL(next, address);
        if (address.origin !== start.origin) {
          return { to: address };
        }
        continue;
      }
      const page = await answer.text();
      const question = forms(page).find((one) => one.action.endsWith("/auth-ui/logout"));
      if (!question || !press) {
        return { page, status: answer.status };
      }
      address = new URL(question.action, address);
      form = new URLSearchParams([...question.fields.set("action", press)]);
    }
    throw new Error("redirected without end");
  }

  async #go(start: URL, redirectUri: string, fillIn: (page: Form[]) => Form): Promise<Answer> {
    let address = start;
    let form: URLSearchParams | undefined;
    for (let hops = 0; hops < HOPS; hops += 1) {
      const answer = await this.#send(address, form);
      const next = answer.headers.get("location");
      form = undefined;
      if (next) {
        address = new URL(next, address);
        if (isAt(address, redirectUri)) {
          return address;
        }
        continue;
      }
      const page = forms(await answer.text());
      const posted = page.find((one) => isAt(new URL(one.action, address), redirectUri));
      if (posted) {
        return post(new URL(posted.action, address), posted);
      }
      const filled = fillIn(page);
      address = new URL(filled.action, address);
      form = new URLSearchParams([...filled.fields]);
    }
    throw new Error("the provider never came back");
  }

  #signIn(page: Form[]): Form {
    this.asked += 1;
    const form = find(page, "password");
    form.fields.set("email", this.login).set("password", this.password);
    return form;
  }

  async #send(address: URL, form?: URLSearchParams): Promise<Response> {
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      body: form,
      redirect: "manual",
      headers: {
        accept: "text/html",
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      this.#keep(line);
    }
    return answer;
  }

  #keep(line: string) {
    const [pair] = line.split(";");
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    if (/;\s*max-age=0\b/i.test(line)) {
      this.#cookies.delete(name);
    } else {
      this.#cookies.set(name, pair.slice(at + 1));
    }
  }
}

const HOPS = 10;

function isAt(address: URL, redirectUri: string): boolean {
  const registered = new URL(redirectUri);
  return address.origin === registered.origin && address.pathname === registered.pathname;
}

function find(page: Form[], field: string, value?: string): Form {
  const found = page.find((one) => one.fields.has(field) && (value ?? one.fields.get(field)) === one.fields.get(field));
  if (!found) {
    throw new Error(`the page has no form with ${field}`);
  }
  return found;
}

function post(action: URL, form: Form): Request {
  return new Request(action, { method: "POST", body: new URLSearchParams([...form.fields]) });
}
