// Many texts: in, scored, summed up, and out again. Which files come in, and how, intake.spec.ts
// tests, what the table of them does, rows.spec.ts, and how a run goes, runs.spec.ts.

import { readFile } from "node:fs/promises";
import { expect, test } from "./pages/analyzer";
import { answer, drawn, isWhole } from "./pages/many";

const CSV = `id,review,by\n1,"A ""lovely"" place,\nreally",=SUM(A1)\n2,Dreadful service,-3\n3,,nobody\n`;

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
});

test("the page has a title of its own", async ({ page }) => {
  await expect(page).toHaveTitle("Many texts · Valence");
});

test("pasted lines are scored one by one", async ({ page }) => {
  await page.getByLabel(/Your texts/).fill("I love it, really\nI hate it\n\nWhat a mess");
  await page.getByRole("button", { name: "Analyze 3 texts" }).click();
  await expect(page.getByText("All 3 texts are done")).toBeVisible();
  const rows = drawn(page);
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText(/I love it, really.*Positive/);
  await expect(page.locator(".summary .bar").first()).toContainText(/Negative.*2 \(66\.7 %\)/);
  await expect(page.getByRole("img", { name: "Texts: 2 negative, 0 in between, 1 positive" })).toBeVisible();
});

test("both pictures say the same of a mixed text", async ({ page }) => {
  await answer(page, (text) => ({ good: 0.99, fair: 0.6, poor: 0.45, bad: 0.02 })[text]!);
  await page.getByLabel(/Your texts/).fill("good\nfair\npoor\nbad");
  await page.getByRole("button", { name: "Analyze 4 texts" }).click();
  await expect(page.getByText("All 4 texts are done")).toBeVisible();
  await expect(page.locator(".summary .bar").first()).toContainText(/Mixed.*2 \(50\.0 %\)/);
  const picture = page.getByRole("img", { name: "Texts: 1 negative, 2 in between, 1 positive" });
  await expect(picture).toBeVisible();
  for (const [tone, count] of [["negative", 1], ["plain", 2], ["positive", 1]] as const) {
    await expect(picture.locator(`[data-tone=${tone}]`)).toHaveCount(count);
  }
  await expect(page.locator(".histogram__ends")).toHaveText("negative positive");
});

test("a file's format and column are found, and every column comes back", async ({ page }) => {
  await page.locator("#file").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeff${CSV}`) });
  await expect(page.getByLabel("Text column").locator("option:checked")).toHaveText("review");
  await page.getByRole("button", { name: "Analyze 3 texts" }).click();
  await expect(page.getByText("All 3 texts are done")).toBeVisible();
  const reason = page.locator(".rows tbody tr").nth(3).getByText("No text");
  await expect(reason).toHaveAttribute("title", "This row has no text.");
  expect(await isWhole(reason)).toBe(true);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const csv = await readFile(await (await downloading).path(), "utf8");
  const added = "verdict,predicted_label,predicted_score,score_NEGATIVE,score_POSITIVE,error";
  expect(csv.startsWith(`\ufeffid,review,by,${added}\n`)).toBe(true);
  expect(csv).toContain(`1,"A ""lovely"" place,\nreally",'=SUM(A1),Positive,POSITIVE,0.9`);
  expect(csv).toContain("2,Dreadful service,-3,Negative,NEGATIVE,");

  const lines = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON Lines" }).click();
  const json = (await readFile(await (await lines).path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  expect(json[0]).toMatchObject({ id: "1", by: "=SUM(A1)", verdict: "Positive", error: null });
  expect(json[2].error).toContain("no text");
});

test("lines of JSON come back as they were, with what the model says", async ({ page }) => {
  const line = '{"z":1,"text":"so good","id":7,"ok":true,"x":null,"tags":[1]}';
  await page.locator("#file").setInputFiles({ name: "a.jsonl", mimeType: "application/json", buffer: Buffer.from(line) });
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  await expect(page.getByText("The text is done")).toBeVisible();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download JSON Lines" }).click();
  const written = await readFile(await (await downloading).path(), "utf8");
  expect(written.startsWith(`${line.slice(0, -1)},"verdict":"Positive","predicted_label":"POSITIVE","predicted_score":0.`)).toBe(true);
  expect(JSON.parse(written)).toMatchObject({ ...JSON.parse(line), error: null });
});

test("what was guessed can be put right", async ({ page }) => {
  await page.getByLabel(/Your texts/).fill("good;bad\nfine;awful");
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
  await page.getByLabel("Format").selectOption("CSV, semicolons");
  await page.getByLabel("First row names the columns").check();
  await expect(page.getByRole("button", { name: "Analyze 1 text" })).toBeEnabled();
  await page.getByLabel("Text column").selectOption("bad");
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  await expect(page.getByText("The text is done")).toBeVisible();
  await expect(page.locator(".rows tbody tr").nth(1)).toContainText(/awful.*Negative/);
});

test("the first line can be said to name a column of texts", async ({ page }) => {
  const submit = page.getByRole("button", { name: /^Analyze/ });
  const header = page.getByLabel("First row names the columns");
  await page.getByLabel(/Your texts/).fill("What I think\nLoved it, really\nHated it");
  await expect(submit).toHaveText("Analyze 3 texts");
  await expect(header).not.toBeChecked();
  await header.check();
  await expect(submit).toHaveText("Analyze 2 texts");
  await expect(page.getByLabel("Text column").locator("option:checked")).toHaveText("What I think");
});

test("a line that looks like a header can be read as a text", async ({ page }) => {
  const submit = page.getByRole("button", { name: /^Analyze/ });
  const format = page.getByLabel("Format");
  await expect(format).toBeHidden();
  await page.getByLabel(/Your texts/).fill("Content, well fed and rested.");
  await expect(format.locator("option:checked")).toHaveText("CSV, commas");
  await expect(submit).toBeDisabled();
  await format.selectOption("A text a line");
  await expect(submit).toHaveText("Analyze 1 text");
  await expect(submit).toBeEnabled();
});

test("what was put right stays while the lines are edited", async ({ page }) => {
  const box = page.getByLabel(/Your texts/);
  const [format, column] = ["Format", "Text column"].map((name) => page.getByLabel(name).locator("option:checked"));
  const header = page.getByLabel("First row names the columns");
  await box.fill("good;bad\nfine and well;awful");
  await page.getByLabel("Format").selectOption("CSV, semicolons");
  await header.check();
  // Nobody has chosen one yet: it is the longest.
  await expect(column).toHaveText("good");
  await page.getByLabel("Text column").selectOption("bad");

  await box.fill("good;bad\nfine and well;awful\nso;so");
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
  await expect(format).toHaveText("CSV, semicolons");
  await expect(header).toBeChecked();
  await expect(column).toHaveText("bad");
  await header.uncheck();
  await expect(column).toHaveText("column 2");
  await box.fill("good\nfine and well");
  await expect(column).toHaveText("text");

  await box.fill("");
  await box.fill("good;bad\nfine and well;awful");
  await expect(format).toHaveText("A text a line");
});

test("objects without a key are no texts", async ({ page }) => {
  const submit = page.getByRole("button", { name: /^Analyze/ });
  await page.getByLabel(/Your texts/).fill("I love it");
  await expect(submit).toHaveText("Analyze 1 text");
  await page.getByLabel(/Your texts/).fill("{}");
  await expect(submit).toHaveText("Analyze");
  await expect(submit).toBeDisabled();
});

test("texts from right to left are typed so", async ({ page }) => {
  await page.getByLabel(/Your texts/).fill("أحب هذا المكان");
  await expect(page.getByLabel(/Your texts/)).toHaveCSS("direction", "rtl");
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  await page.getByLabel("Filter").fill("هذا");
  await expect(page.getByLabel("Filter")).toHaveCSS("direction", "rtl");
});
