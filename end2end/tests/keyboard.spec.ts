// The table of many texts by the keyboard: which texts it reaches, and that it is left where it was while the
// rows around it come and go.

import type { Page } from "@playwright/test";

import { expect, test } from "./pages/analyzer";
import { answer, drawn, scored } from "./pages/many";

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
});

/** The box in which the table scrolls. */
const table = (page: Page) => page.getByRole("region", { name: "Rows" });

/** The link of a text. */
const text = (page: Page, number: number) => page.getByRole("link", { name: `text number ${number}`, exact: true });

/** Starts to analyze so many texts. */
async function start(page: Page, texts: number) {
  const lines = Array.from({ length: texts }, (_, n) => `text number ${n}`).join("\n");
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(lines) });
  await page.getByRole("button", { name: `Analyze ${texts} texts` }).click();
}

/** Analyzes so many texts. */
async function analyze(page: Page, texts: number) {
  await answer(page, () => 0.9);
  await start(page, texts);
  await expect(page.getByText(`All ${texts} texts are done`)).toBeVisible();
}

test("the keyboard goes through the texts in sight, and on", async ({ page }) => {
  await analyze(page, 40);
  const rows = table(page);
  await rows.focus();
  for (let number = 0; number < 12; number++) {
    await page.keyboard.press("Tab");
    await expect(text(page, number)).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Download CSV" })).toBeFocused();
  // Further down others are in sight.
  await rows.evaluate((rows) => rows.scrollTo({ top: 20 * 44 }));
  await expect(text(page, 12)).toHaveAttribute("tabindex", "-1");
  await rows.focus();
  await page.keyboard.press("Tab");
  await expect(text(page, 20)).toBeFocused();
});

test("a larger font in the browser leaves every row in sight within reach", async ({ page }) => {
  // As the browser's setting does: 200 %.
  await page.evaluate(() => (document.documentElement.style.fontSize = "32px"));
  await analyze(page, 60);
  const rows = table(page);
  expect((await rows.boundingBox())!.height).toBe(550);
  // As many as without; none is below the last that Tab goes to.
  await rows.focus();
  for (let number = 0; number < 12; number++) await page.keyboard.press("Tab");
  await expect(text(page, 11)).toBeFocused();
  const heights = await drawn(page).evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
  expect([...new Set(heights)]).toEqual([44]);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Download CSV" })).toBeFocused();
  // The box is full at its very end.
  await rows.evaluate((rows) => rows.scrollTo({ top: rows.scrollHeight }));
  const [last, box] = [(await text(page, 59).boundingBox())!, (await rows.boundingBox())!];
  expect(last.y + last.height).toBeGreaterThan(box.y + box.height - 44);
  expect(last.y).toBeGreaterThan(box.y);
});

test("a text keeps the focus while it and others are scored", async ({ page }) => {
  // Answers 500 texts at a time, each time once it may.
  const waiting: (() => void)[] = [];
  await page.route("**/page/texts", async (route) => {
    const { texts } = route.request().postDataJSON() as { texts: string[] };
    await new Promise<void>((resolve) => waiting.push(resolve));
    await route.fulfill({ contentType: "text/plain", body: texts.map(() => scored(0.9)).join("") });
  });
  await start(page, 1500);
  await text(page, 1).focus();
  await page.keyboard.press("Tab");
  await expect(text(page, 2)).toBeFocused();
  for (const shown of [/^[1-9]\d* of 1500 texts$/, /^([5-9]\d|1\d\d)\d of 1500 texts$/, /^All 1500 texts are done$/]) {
    await expect.poll(() => waiting.length).toBe(1);
    // What comes sooner after the last news is shown with the next.
    await page.waitForTimeout(300);
    waiting.pop()!();
    await expect(page.getByText(shown)).toBeVisible();
    await expect(text(page, 2)).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(text(page, 3)).toBeFocused();
});

test("the arrow keys go on through the rows from a text, and the page stays", async ({ page }) => {
  await analyze(page, 60);
  const rows = table(page);
  const top = () => rows.evaluate((rows) => rows.scrollTop);
  await rows.focus();
  for (let number = 0; number < 4; number++) await page.keyboard.press("Tab");
  await expect(text(page, 3)).toBeFocused();
  const pageTop = await page.evaluate(() => scrollY);
  const down = async () => {
    const before = await top();
    // A busy browser drops the way of a key now and then.
    await expect(async () => {
      await page.keyboard.press("ArrowDown");
      await expect.poll(top, { timeout: 1000 }).toBeGreaterThan(before);
    }).toPass();
  };
  // Further than three rows, at about one a key.
  while ((await top()) < 4 * 44) await down();
  await expect(text(page, 3)).toBeFocused();
  // The last key's way is done by then.
  await page.waitForTimeout(300);
  // So far that the text is not drawn any more.
  await rows.evaluate((rows) => rows.scrollTo({ top: 30 * 44 }));
  await expect(text(page, 3)).toHaveCount(0);
  await expect(rows).toBeFocused();
  await down();
  expect(await page.evaluate(() => scrollY)).toBe(pageTop);
});
