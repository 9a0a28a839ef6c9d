// Leaving a page: results of many texts are nowhere else, and what is in the boxes is there again.

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

/** The link back. */
const back = (page: Page) => page.getByRole("link", { name: "Many texts" });

/** The box of the page for many texts. */
const lines = (page: Page) => page.getByLabel(/Your texts/);

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
});

test("whoever has not downloaded the results is asked", async ({ page }) => {
  const asked = questions(page);
  await answer(page, () => 0.9);
  await lines(page).fill("so good");
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
  await lines(page).fill("so good");
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

test("what is in the boxes is there again for whoever comes back by the tabs", async ({ analyzer, page }) => {
  await lines(page).fill("so good\nso bad");
  await away(page).click();
  await expect(page).toHaveURL(/\/$/);
  await analyzer.box.fill("A wonderful start");
  await expect(analyzer.best).toContainText("Positive");
  await back(page).click();
  await expect(lines(page)).toHaveValue("so good\nso bad");
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
  await away(page).click();
  await expect(analyzer.box).toHaveValue("A wonderful start");
  await expect(analyzer.best).toContainText("Positive");

  // An address with a text shows that.
  await analyzer.open("A dreadful end");
  await expect(analyzer.box).toHaveValue("A dreadful end");
  await analyzer.hydrated();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await back(page).click();
  await expect(page).toHaveURL(/tab=many$/);
  await away(page).click();
  await expect(page).toHaveURL(/\/$/);
  await analyzer.hydrated();
  await expect(analyzer.box).toHaveValue("");
});

test.describe("what is in the boxes", () => {
  const kept = (page: Page) => page.evaluate(() => Object.keys(sessionStorage));

  test.beforeEach(async ({ analyzer, page }) => {
    await lines(page).fill("so good");
    await away(page).click();
    await expect(page).toHaveURL(/\/$/);
    await analyzer.hydrated();
    expect(await kept(page)).toEqual(["valence.lines"]);
    await page.getByText(/^History/).click();
  });

  test("is forgotten with the history", async ({ analyzer, page }) => {
    await analyzer.box.fill("A wonderful start");
    await expect(page.getByText("History (1)")).toBeVisible();
    await page.getByRole("button", { name: "Clear history" }).click();
    expect(await kept(page)).toEqual([]);
  });

  // Clearing the history left it.
  test("is not kept while it is there, after the browser's own way back too", async ({ analyzer, page }) => {
    // What a browser tells a page that it keeps whole; this one is told to keep none.
    const tell = (type: string) =>
      page.evaluate((type) => dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
    await analyzer.box.fill("A wonderful start");
    await tell("pagehide");
    expect((await kept(page)).sort()).toEqual(["valence.lines", "valence.text"]);
    await tell("pageshow");
    expect(await kept(page)).toEqual(["valence.lines"]);
  });

  test("is not kept where no history is", async ({ analyzer, page }) => {
    await page.getByLabel("Keep a history").uncheck();
    expect(await kept(page)).toEqual([]);
    await analyzer.box.fill("A wonderful start");
    await expect(analyzer.best).toContainText("Positive");
    await back(page).click();
    await expect(page).toHaveURL(/tab=many$/);
    expect(await kept(page)).toEqual([]);
    await lines(page).fill("so good");
    await away(page).click();
    await expect(page).toHaveURL(/\/$/);
    expect(await kept(page)).toEqual([]);
  });
});
