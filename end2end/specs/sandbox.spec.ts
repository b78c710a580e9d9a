import { expect, test } from "@playwright/test";

test("a sandbox is taken away as a file, changed, and filled from its text", async ({ page }) => {
  await page.goto("/sandbox");
  const file = await page.request.get("/sandbox/export.toml");
  expect(file.headers()["content-type"]).toBe("application/toml");
  const text = (await file.text()).replaceAll("Storefront server", "Their server");
  expect(text).toContain("Their server");

  const area = page.getByLabel("Or its text, TOML or JSON");
  await area.fill("[[customers]]\n");
  await page.getByRole("button", { name: "Fill the sandbox" }).click();
  await expect(area).toHaveValue("[[customers]]\n");
  await expect(page.locator("#text-problem")).toContainText("customers[0].name: field required.");

  await area.fill(text);
  await page.getByRole("button", { name: "Fill the sandbox" }).click();
  await expect(page.getByText("The file has filled your sandbox")).toBeVisible();
  await page.goto("/clients");
  await expect(page.locator("main")).toContainText("Their server");

  await page.goto("/sandbox");
  await page.locator("main").getByRole("button", { name: "Reset the sandbox" }).click();
  await expect(page.getByText("The sandbox is as it was at first")).toBeVisible();
  await page.goto("/clients");
  await expect(page.locator("main")).toContainText("Storefront server");
});

test("a hint that was put away stays away until it is asked for", async ({ page }) => {
  await page.goto("/");
  const hint = page.getByRole("complementary", { name: "Hint" });
  await hint.getByRole("button", { name: "Got it" }).click();
  await expect(hint).toHaveCount(0);
  await page.reload();
  await expect(hint).toHaveCount(0);
  await page.getByText("Where your data goes").click();
  await page.getByRole("button", { name: "Show the hints again" }).click();
  await expect(hint).toBeVisible();
});
