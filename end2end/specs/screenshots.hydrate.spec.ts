import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { Playground } from "../pages/playground";
import { TokenLab } from "../pages/token-lab";

// The pictures of the README. They are taken on every run, so that they cannot
// be of a page that no longer works; OIDC_PLAYGROUND_UPDATE_SCREENSHOTS=1 keeps them.

const keep = process.env.OIDC_PLAYGROUND_UPDATE_SCREENSHOTS === "1";
const folder = fileURLToPath(new URL(keep ? "../screenshots" : "../test-results/screenshots", import.meta.url));

test.use({ viewport: { width: 1280, height: 900 }, colorScheme: "light", deviceScaleFactor: 1 });

test("the README's pictures: a scope dropped, and the same scope let through", async ({ page }) => {
  mkdirSync(folder, { recursive: true });
  const playground = new Playground(page);
  await playground.open();
  await playground.run();
  await expect(playground.verdict).toContainText("address was dropped");
  await page.screenshot({ path: `${folder}/dropped.png` });

  await playground.addAndRunAgain();
  await expect(playground.userinfo).toContainText('"street_address"');
  await page.screenshot({ path: `${folder}/let-through.png` });
});

test("the README's pictures: a token that can only read", async ({ page }) => {
  mkdirSync(folder, { recursive: true });
  const lab = new TokenLab(page);
  await lab.open();
  await lab.ask();
  await expect(lab.verdict).toContainText("This token can only read.");
  await page.screenshot({ path: `${folder}/token-lab.png` });
});
