// The narrowest phones, and pages enlarged to 400 %: nothing is wider than they are, and no word is broken
// that has room beside others.

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "./pages/analyzer";
import { answer, answerAll, drawn, isWhole } from "./pages/many";

/** A label of a public data set of a bank's questions. */
const LONG = "card_payment_wrong_exchange_rate";

/** The words in the cells of tables and in the names of bars that stand on more than one line. */
const broken = (page: Page) =>
  page.locator("td, th, .bar__label").evaluateAll((cells) => {
    const broken: string[] = [];
    for (const cell of cells) {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        for (const word of text.nodeValue!.matchAll(/[\p{L}\p{N}]+/gu)) {
          const range = document.createRange();
          range.setStart(text, word.index);
          range.setEnd(text, word.index + word[0].length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word[0]);
        }
      }
    }
    return broken;
  });

/** Opens all that is folded. */
const unfold = (page: Page) =>
  page.locator("details").evaluateAll((panels) => panels.forEach((panel) => panel.setAttribute("open", "")));

for (const [width, address] of [
  [360, "/docs"],
  [360, "/model"],
  [360, "/status"],
  [320, "/status"],
] as const) {
  test(`the words of tables stay whole, ${address} at ${width} pixels`, async ({ analyzer, page }) => {
    // So that the status page has a table to show.
    await page.request.get("/?text=I+love+this");
    await page.setViewportSize({ width, height: 740 });
    await page.goto(address);
    await unfold(page);
    expect(await page.locator("td").count()).toBeGreaterThan(4);
    expect(await broken(page)).toEqual([]);
    expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
  });
}

for (const address of ["/?text=One+is+fine.+Two+is+better.", "/?tab=many", "/status"]) {
  test(`a font of twice the size neither widens the page nor breaks words, ${address}`, async ({ analyzer, page }) => {
    // So that the status page has a table to show.
    await page.request.get("/?text=I+love+this");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(address);
    if (address === "/?tab=many") {
      await analyzer.hydrated();
      await answer(page, (text) => (text === "so bad" ? 0.1 : 0.9));
      await page.getByLabel(/Your texts/).fill("so good\nso bad\nso fine");
      await page.getByRole("button", { name: "Analyze 3 texts" }).click();
      await expect(page.getByText("All 3 texts are done")).toBeVisible();
    }
    // As the browser's setting does: 200 %.
    await page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
    await expect(page.locator(".lenses, .rows, .status table").first()).toBeVisible();
    await unfold(page);
    expect(await broken(page)).toEqual([]);
    expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
  });
}

test("what is said of a model does not widen the page", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await analyzer.open();
  await unfold(page);
  await expect(page.getByText("Trained on")).toBeVisible();
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
});

test("an address in a text does not widen the list of its sentences", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await analyzer.open(`See https://www.example.org/reviews/2024/hotel-number-12-at-the-harbour. It was lovely. ${"a".repeat(60)}!`);
  await analyzer.reading.getByText("The same as a list").click();
  await expect(analyzer.reading.getByRole("listitem").first()).toContainText("www.example.org");
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
});

test("a long name of a file does not widen the page", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await page.goto("/?tab=many");
  await analyzer.hydrated();
  const name = "customer_reviews_export_2026_11_29_final_corrected_utf8.csv";
  await page.locator("#file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from("review\nso good\n") });
  await expect(page.getByText(`From ${name}`)).toBeVisible();
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
});

/** The smallest width of the bars on the page, in pixels. */
const shortest = async (bars: Locator) =>
  Math.min(...(await bars.evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width))));

test("a long label leaves room for its bar and its score", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await analyzer.open();
  await analyzer.hydrated();
  await page.route("**/page/analyze", async (route) => {
    const json = await (await route.fetch()).json();
    json.scores[0].label = LONG;
    await route.fulfill({ json });
  });
  await analyzer.box.fill("It was lovely.");
  await expect(analyzer.best).toContainText(LONG);
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
  expect(await shortest(analyzer.bars)).toBeGreaterThanOrEqual(40);
});

test("a long label of many texts leaves room for its bar, and its cell tells all of it", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await page.goto("/?tab=many");
  await analyzer.hydrated();
  await answerAll(page, LONG);
  await page.getByLabel(/Your texts/).fill("so good\nso fine");
  await page.getByRole("button", { name: "Analyze 2 texts" }).click();
  const verdict = drawn(page).first().locator(".rows__verdict");
  await expect(verdict).toHaveAttribute("title", LONG);
  await expect(page.getByText("All 2 texts are done")).toBeVisible();
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
  expect(await shortest(page.locator(".summary meter"))).toBeGreaterThanOrEqual(40);
});

test("text, verdict and score of many texts stand side by side", async ({ analyzer, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/?tab=many");
  await analyzer.hydrated();
  await answer(page, () => 0.998);
  await page.getByLabel(/Your texts/).fill("so good\nso fine");
  await page.getByRole("button", { name: "Analyze 2 texts" }).click();
  await expect(drawn(page).first().locator("td")).toHaveText(["so good", "Positive", "99.8 %"]);
  const rows = page.getByRole("region", { name: "Rows" });
  expect(await rows.evaluate((rows) => rows.scrollWidth - rows.clientWidth)).toBeLessThanOrEqual(0);
  for (const cell of await drawn(page).first().locator("td").all()) expect(await isWhole(cell)).toBe(true);
});
