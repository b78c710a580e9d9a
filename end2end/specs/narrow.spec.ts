import { expect, test } from "@playwright/test";
import { expectNoSidewaysScrolling, Playground } from "../pages/playground";

test.use({ viewport: { width: 320, height: 640 } });

test("on a phone the verdict comes first and story A needs two taps", async ({ page }) => {
  const playground = new Playground(page);
  await playground.open();
  await expectNoSidewaysScrolling(page, "first page");
  await expect(playground.verdict).toBeInViewport();
  const button = page.getByRole("button", { name: "Run it and see" });
  await expect(button).toBeInViewport();
  await expect(page.locator("#build"), "Build is folded to one line").toBeHidden();
  await button.click();
  await playground.finished();
  await expect(playground.verdict).toBeInViewport();
  await expect(page.locator("#build")).toBeHidden();
  await expectNoSidewaysScrolling(page, "run");

  await playground.addAndRunAgain();
  await expect(playground.userinfo).toContainText('"street_address"');
  await expectNoSidewaysScrolling(page, "run after the change");
});
