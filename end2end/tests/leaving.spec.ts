// Leaving the page of many texts, whose results are nowhere else.

import type { Page } from "@playwright/test";
import { expect, test } from "./pages/analyzer";
import { answer, drawn } from "./pages/many";

/** What the browser asks of whoever leaves, who then stays. */
function questions(page: Page) {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    return dialog.dismiss();
  });
  return asked;
}

/** The link to another page beside the results. */
const away = (page: Page) => page.getByRole("link", { name: "One text" });

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
});

test("whoever has not downloaded the results is asked", async ({ page }) => {
  const asked = questions(page);
  await answer(page, () => 0.9);
  await page.getByLabel(/Your texts/).fill("so good");
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  await expect(page.getByText("The text is done")).toBeVisible();
  await away(page).click();
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await expect(drawn(page)).toContainText(["so good"]);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  await downloading;
  await away(page).click();
  await expect(page).toHaveURL(/\/$/);
  expect(asked).toHaveLength(1);
});

test("whoever leaves a run is asked, and nobody without one", async ({ page }) => {
  const asked = questions(page);
  // The run does not end by itself.
  await page.route("**/page/texts", () => {});
  await page.getByLabel(/Your texts/).fill("so good");
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  await expect(page.getByText("0 of 1 texts", { exact: true })).toBeVisible();
  await away(page).click();
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Done: 0 of 1 texts")).toBeVisible();
  await away(page).click();
  await expect(page).toHaveURL(/\/$/);
  expect(asked).toHaveLength(1);
});
