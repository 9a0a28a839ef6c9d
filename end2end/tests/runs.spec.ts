// How a run through many texts goes: past what is refused, and on where it was stopped or cut off.

import { expect, test } from "./pages/analyzer";
import { drawn, scored } from "./pages/many";

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
});

test("a text that is too large is refused in its row, and the others go on", async ({ page }) => {
  const texts = ["I love it", "a".repeat(2_200_000), "I hate it"];
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(texts.join("\n")) });
  await page.getByRole("button", { name: "Analyze 3 texts" }).click();
  await expect(page.getByText("All 3 texts are done")).toBeVisible();
  const rows = drawn(page);
  await expect(rows.nth(0)).toContainText("Positive");
  await expect(rows.nth(1).getByText("Too long")).toHaveAttribute("title", /^This text is too large: 2200000 bytes/);
  await expect(rows.nth(2)).toContainText("Negative");
});

test("a run can be stopped", async ({ page }) => {
  const texts = Array.from({ length: 3000 }, (_, n) => `Number ${n} took a while to arrive, and then it was fine`);
  // As a file: Playwright's typing of so many lines takes minutes, where a paste takes a moment.
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(texts.join("\n")) });
  await page.getByRole("button", { name: "Analyze 3000 texts" }).click();
  await expect(page.getByText(/^[1-9]\d* of 3000 texts$/)).toBeVisible();
  // Screen readers hear of the end alone.
  const heard = page.locator(".progress").getByRole("status");
  await expect(heard).toHaveText("");
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.click();
  await expect(heard).toHaveText(/^Done: \d+ of 3000 texts\. To try the rest, /);
  await expect(stop).toBeDisabled();
  await expect(stop).toBeFocused();
});

test("rows that failed for a reason that may have passed are tried again, and no others", async ({ page }) => {
  const sent: string[][] = [];
  const failed = `${JSON.stringify({ Err: { Failed: { reference: "abc" } } })}\n`;
  await page.route("**/page/texts", async (route) => {
    const { texts } = route.request().postDataJSON() as { texts: string[] };
    const body = texts.map((_, place) => (sent.length === 0 && place % 2 ? failed : scored(0.9))).join("");
    sent.push(texts);
    await route.fulfill({ contentType: "text/plain", body });
  });
  await page.getByLabel(/Your texts/).fill("one\ntwo\nthree\nfour");
  const submit = page.getByRole("button", { name: "Analyze 4 texts" });
  await submit.click();
  await expect(page.getByText("Done: 2 of 4 texts. To try the rest, analyze the same texts again.")).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Progress" })).toHaveJSProperty("value", 2);
  await submit.click();
  await expect(page.getByText("All 4 texts are done")).toBeVisible();
  expect(sent).toEqual([["one", "two", "three", "four"], ["two", "four"]]);
  await expect(page.locator(".summary .bar")).toHaveText([/Positive.*4 \(100\.0 %\)/]);
});

test.describe("of a server that goes away", () => {
  test.use({ expectsFailures: true });

  test("a run that was cut off goes on with the rest", async ({ page }) => {
    const texts = Array.from({ length: 1200 }, (_, n) => `so good, ${n}`);
    const first: string[] = [];
    await page.route("**/page/texts", async (route) => {
      const sent = (route.request().postDataJSON() as { texts: string[] }).texts;
      first.push(sent[0]);
      if (first.length === 2) await route.abort();
      else await route.fulfill({ contentType: "text/plain", body: scored(0.9).repeat(sent.length) });
    });
    await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from(texts.join("\n")) });
    const submit = page.getByRole("button", { name: "Analyze 1200 texts" });
    await submit.click();
    await expect(page.getByText("Done: 500 of 1200 texts. To try the rest, analyze the same texts again.")).toBeVisible();
    await expect(page.getByRole("alert")).toContainText("try again");
    await submit.click();
    await expect(page.getByText("All 1200 texts are done")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
    expect(first).toEqual([0, 500, 500, 1000].map((number) => texts[number]));
    // Complete, it is begun anew.
    await submit.click();
    await expect.poll(() => first.slice(4)).toEqual([0, 500, 1000].map((number) => texts[number]));
  });
});
