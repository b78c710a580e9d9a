import { expect, test, type Page } from "@playwright/test";

// A page that follows its form, on its own: what stands in the page is made up
// here, what follows it is the playground's.

/** A page of the playground with other content. */
async function pageWith(page: Page, content: string) {
  await page.route("/", async (route) => {
    const response = await route.fetch();
    const html = await response.text();
    const script = /href="(\/pkg\/[^"]+\.js)"/.exec(html)?.[1] ?? "";
    const source = await (await page.request.get(script)).text();
    const island = /LiveForm_\d+/.exec(source)?.[0];
    const alive = `<leptos-island data-component="${island}" data-props='{"form":"f"}'><!----></leptos-island>`;
    const body = html.replace(/<main[\s\S]*<\/main>/, () => `<main>${content}${alive}</main>`);
    await route.fulfill({ response, body });
  });
  await page.goto("/");
  await page.waitForFunction(() => document.documentElement.dataset.live === "yes");
}

const FORM = `
  <form id="f" method="post" action="/nowhere" data-preview="/preview">
    <input id="scope" name="scope" value="a b">
    <span id="twin-region" data-region><input id="twin" name="twin" value="t"></span>
  </form>
  <p id="said" data-region>nothing yet</p>
  <p id="still">stays</p>
  <div id="folded" data-region><details id="d"><summary>more</summary>inside</details></div>`;

/** Answers each request with what it was sent, in the order they may go. */
function answers(page: Page) {
  const sent: string[] = [];
  const go: (() => void)[] = [];
  let held = false;
  const ready = page.route("/preview", async (route) => {
    sent.push(route.request().postData() ?? "");
    const own = sent.length;
    if (held) await new Promise<void>((resolve) => go.push(resolve));
    await route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><title>x</title><p id="said">answer ${own} <button data-copy="said" data-label="Copy"><span>Copy</span></button></p>
        <p id="still">changed</p><span id="twin-region" data-region><input id="twin" name="twin" value="from ${own}"></span>
        <div id="folded" data-region><details id="d"><summary>more</summary>inside ${own}</details></div>`,
    });
  });
  return { sent, go, ready, hold: () => (held = true) };
}

test("what the server says of the form replaces the regions, and only those", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const preview = answers(page);
  await preview.ready;
  const accepted = page.waitForRequest("/preview").then((request) => request.headers()["accept"]);
  await pageWith(page, FORM);
  await page.locator("#d summary").click();
  await page.locator("#scope").fill("a+b&c ü");

  await expect(page.locator("#said")).toContainText("answer 1");
  expect(preview.sent).toEqual(["scope=a%2Bb%26c+%C3%BC&twin=t"]);
  expect(await accepted).toBe("text/html");
  await expect(page.locator("#still")).toHaveText("stays");
  await expect(page.locator("#twin")).toHaveValue("from 1");
  await expect(page.locator("#folded")).toContainText("inside 1");
  await expect(page.locator("#d"), "what was opened stays open").toHaveAttribute("open", "");
  await expect(page.locator("#scope")).toBeFocused();

  await page.locator("#said button").click();
  await expect(page.locator("#said button")).toHaveText("Copied");
  await expect(page.locator("#said button")).toHaveText("Copy");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("answer 1");
});

test("where the keyboard is nothing is replaced", async ({ page }) => {
  const preview = answers(page);
  await preview.ready;
  await pageWith(page, FORM);
  await page.locator("#twin").fill("typed");
  await expect(page.locator("#said")).toContainText("answer");
  await expect(page.locator("#twin")).toHaveValue("typed");
  await expect(page.locator("#twin")).toBeFocused();
});

test("one request at a time, and the newest wins", async ({ page }) => {
  const preview = answers(page);
  await preview.ready;
  preview.hold();
  await pageWith(page, FORM);
  await page.locator("#scope").pressSequentially("xyz");
  await expect.poll(() => preview.sent.length).toBe(1);
  await page.locator("#scope").fill("newest");
  // Longer than the form waits for quiet: still one request.
  await page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 400)));
  expect(preview.sent).toHaveLength(1);
  preview.go[0]();
  await expect.poll(() => preview.sent.length).toBe(2);
  await expect(page.locator("#said"), "the old answer is not shown").toHaveText("nothing yet");
  expect(preview.sent[1]).toContain("scope=newest");
  preview.go[1]();
  await expect(page.locator("#said")).toContainText("answer 2");
});

test("without an answer the page stays, and goes on", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.route("/preview", (route) => route.abort());
  await pageWith(page, FORM);
  await page.locator("#scope").fill("lost");
  await page.waitForEvent("requestfailed");
  await expect(page.locator("#said")).toHaveText("nothing yet");
  await page.unroute("/preview");
  const preview = answers(page);
  await preview.ready;
  await page.locator("#scope").fill("found");
  await expect(page.locator("#said")).toContainText("answer 1");
  expect(errors).toEqual([]);
});

test("a countdown goes on from the server's time, whatever the clock says", async ({ page }) => {
  await page.clock.install({ time: new Date("2001-01-01T00:00:00Z") });
  await page.route("/", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(
      "</main>",
      '<p><span id="soon" data-left="62">expires in 1 min 2 s</span> <span id="over" data-left="-5">expired 5 s ago</span></p></main>',
    );
    await route.fulfill({ response, body });
  });
  await page.goto("/");
  await page.waitForFunction(() => document.documentElement.dataset.live === "yes");
  await page.clock.runFor(3_000);
  const left = async () => (await page.locator("#soon").textContent()) ?? "";
  const seconds = async () => {
    const [, minutes, rest] = /in (?:(\d+) min ?)?(?:(\d+) s)?/.exec(await left()) ?? [];
    return Number(minutes ?? 0) * 60 + Number(rest ?? 0);
  };
  const before = await seconds();
  expect(before).toBeLessThan(62);
  expect(before).toBeGreaterThan(40);
  await page.clock.runFor(30_000);
  expect(before - (await seconds())).toBeGreaterThanOrEqual(29);
  await page.clock.runFor(60_000);
  await expect(page.locator("#soon")).toHaveText(/^expired \d+ s ago$/);
  await expect(page.locator("#over")).toHaveText(/^expired 1 min \d+ s ago$/);
});
