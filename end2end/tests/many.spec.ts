// Many texts: in, scored, summed up, and out again. What the table of them does, rows.spec.ts
// tests, and how a run goes, runs.spec.ts.

import { readFile } from "node:fs/promises";
import { expect, test } from "./pages/analyzer";
import { hold } from "./pages/hold";
import { answer, drawn, isWhole } from "./pages/many";

const CSV = `id,review,by\n1,"A ""lovely"" place,\nreally",=SUM(A1)\n2,Dreadful service,-3\n3,,nobody\n`;

/** A file of text as a person chooses it. */
const textFile = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

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
  await expect(reason).toHaveAttribute("title", /^There is no text yet\./);
  expect(await isWhole(reason)).toBe(true);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  const csv = await readFile(await (await downloading).path(), "utf8");
  expect(csv.startsWith("\ufeffid,review,by,verdict,score,score NEGATIVE,score POSITIVE,error\n")).toBe(true);
  expect(csv).toContain(`1,"A ""lovely"" place,\nreally",'=SUM(A1),Positive,0.9`);
  expect(csv).toContain("2,Dreadful service,-3,Negative,");

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
  expect(written.startsWith(`${line.slice(0, -1)},"verdict":"Positive","score":0.`)).toBe(true);
  expect(JSON.parse(written)).toMatchObject({ ...JSON.parse(line), error: null });
});

test("a dropped file is read", async ({ page }) => {
  await page.getByLabel(/Your texts/).fill("I love it");
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{"text":"so good"}\n{"text":"so bad"}\n'], "a.jsonl"));
    return data;
  });
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: data });
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
  await expect(page.getByLabel("Format").locator("option:checked")).toHaveText("JSON Lines");
  await expect(page.getByLabel(/^Or a file/)).toHaveValue(/a\.jsonl$/);
  await expect(page.getByLabel(/Your texts/)).toHaveValue("");
});

for (const [name, content] of [["a.xlsx", "PK\x03\x04\x14\0"], ["a.png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"], ["a.json", '[\n  {"text": "so good"}\n]\n']]) {
  test(`${name} is refused, and what was there stays`, async ({ page }) => {
    await page.getByLabel(/Your texts/).fill("I love it");
    await page.locator("#file").setInputFiles(textFile(name, content));
    await expect(page.getByRole("alert")).toContainText("Save its texts as CSV in UTF-8 or JSON Lines and choose that file.");
    await expect(page.getByRole("button", { name: /^Analyze/ })).toHaveText("Analyze 1 text");
    await expect(page.getByLabel(/Your texts/)).toHaveValue("I love it");
    await expect(page.getByLabel(/^Or a file/)).toHaveValue("");
  });
}

test("only whoever has a mouse is told to drop a file", async ({ page, hasTouch }) => {
  await expect(page.getByText("Or a file")).toBeVisible();
  await expect(page.getByText("Drop it here")).toBeVisible({ visible: !hasTouch });
});

test("of box and file only what is analyzed is on view", async ({ page }) => {
  const [box, file] = [page.getByLabel(/Your texts/), page.getByLabel(/^Or a file/)];
  await box.fill("I love it");
  await file.setInputFiles(textFile("a.txt", "one\ntwo"));
  await expect(page.getByText("From a.txt")).toBeVisible();
  await expect(box).toHaveValue("");
  await box.fill("I hate it");
  await expect(page.getByRole("button", { name: "Analyze 1 text" })).toBeEnabled();
  await expect(page.getByText("From a.txt")).toHaveCount(0);
  await expect(file).toHaveValue("");
});

test("a file that was corrected can be chosen again", async ({ page }) => {
  const file = page.getByLabel(/^Or a file/);
  for (const text of ["one\ntwo", "one\ntwo\nthree"]) {
    const choosing = page.waitForEvent("filechooser");
    await file.click();
    const chooser = await choosing;
    // Browsers report no change, which Playwright always does, where the input holds the same file already.
    await expect(file).toHaveValue("");
    await chooser.setFiles(textFile("a.txt", text));
    await expect(page.getByRole("button", { name: `Analyze ${text.split("\n").length} texts` })).toBeEnabled();
  }
});

for (const way of ["pasted", "from a file"]) {
  test(`texts that came ${way} before the page was interactive are taken in`, async ({ analyzer, page }) => {
    const release = await hold(page, "**/*.wasm");
    await page.goto("/?tab=many", { waitUntil: "commit" });
    if (way === "pasted") {
      await page.getByLabel(/Your texts/).fill("I love it\nI hate it");
    } else {
      await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("one\ntwo") });
    }
    release();
    await analyzer.hydrated();
    await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
  });
}

test("what was said of a file goes with it", async ({ page }) => {
  const buffer = Buffer.from([0x67, 0x6f, 0x6f, 0x64, 0xff]);
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer });
  await expect(page.getByRole("alert")).toContainText("not UTF-8");
  await page.getByLabel(/Your texts/).fill("I love it");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("the file chosen last counts, also where it is read first", async ({ page }) => {
  await page.evaluate(() => {
    const read = Blob.prototype.text;
    Blob.prototype.text = async function () {
      if ((this as File).name !== "slow.txt") return read.call(this);
      await new Promise<void>((resolve) => Object.assign(window, { goOn: resolve }));
      return read.call(this);
    };
  });
  await page.locator("#file").setInputFiles(textFile("slow.txt", "one\ntwo\nthree"));
  await page.locator("#file").setInputFiles(textFile("quick.txt", "one\ntwo"));
  await expect(page.getByText("From quick.txt")).toBeVisible();
  await page.evaluate(() => (window as unknown as { goOn: () => void }).goOn());
  // Longer than so short a file takes to be read.
  await page.waitForTimeout(500);
  await expect(page.getByText("From quick.txt")).toBeVisible();
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
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
