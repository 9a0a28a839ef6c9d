// What the tests of many texts share.

import type { Locator, Page } from "@playwright/test";

/** The table's rows that are drawn. */
export const drawn = (page: Page) => page.locator(".rows tbody tr:not(.rows__space)");

/** Whether nothing of a cell's text is cut off. */
export const isWhole = (cell: Locator) => cell.evaluate((cell) => cell.scrollWidth <= cell.clientWidth);

/** A line of the server's answer, by a text's score of POSITIVE. */
export function scored(score: number) {
  const scores = [{ label: "POSITIVE", score }, { label: "NEGATIVE", score: 1 - score }];
  return `${JSON.stringify({ Ok: scores.sort((one, other) => other.score - one.score) })}\n`;
}

/** Answers in the server's place that each text is of one `label`. */
export async function answerAll(page: Page, label: string) {
  await page.route("**/page/texts", async (route) => {
    const { texts } = route.request().postDataJSON() as { texts: string[] };
    const line = `${JSON.stringify({ Ok: [{ label, score: 0.9 }, { label: "card_arrival", score: 0.1 }] })}\n`;
    await route.fulfill({ contentType: "text/plain", body: line.repeat(texts.length) });
  });
}

/** Answers in the server's place; `positive` gives each text's score of POSITIVE. */
export async function answer(page: Page, positive: (text: string) => number) {
  await page.route("**/page/texts", async (route) => {
    const { texts } = route.request().postDataJSON() as { texts: string[] };
    await route.fulfill({ contentType: "text/plain", body: texts.map((text) => scored(positive(text))).join("") });
  });
}
