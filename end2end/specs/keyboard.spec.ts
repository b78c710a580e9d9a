import { expect, test, type Page } from "@playwright/test";
import { Playground } from "../pages/playground";

/** Presses Tab until the element is focused, as a person without a mouse would. */
async function tabTo(page: Page, selector: string) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const there = await page.locator(selector).first().evaluate((element) => element === document.activeElement);
    if (there) {
      return;
    }
  }
  throw new Error(`Tab never reached ${selector}`);
}

test("story A with the keyboard alone, focus visible at every step", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();

  await tabTo(page, '#build input[value="profile"]');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
  expect(outline).not.toBe("none");
  await page.keyboard.press("Space");
  await expect(playground.scope("profile")).not.toBeChecked();
  await page.keyboard.press("Space");

  await tabTo(page, '#build .actions button[type="submit"]');
  await page.keyboard.press("Enter");
  await playground.finished();
  await expect(playground.verdict).toContainText("address was dropped");

  await tabTo(page, ".fix button");
  await page.keyboard.press("Enter");
  await playground.finished();
  await expect(playground.userinfo).toContainText('"street_address"');
});
