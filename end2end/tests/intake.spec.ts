// What many texts are taken in from, box and file, and what is refused.

import { expect, test } from "./pages/analyzer";
import { hold } from "./pages/hold";
import { drawn } from "./pages/many";

/** A file of text as a person chooses it. */
const textFile = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

test.beforeEach(async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
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

test("of two dropped files none is read, and that is said", async ({ page }) => {
  await page.getByLabel(/Your texts/).fill("I love it");
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    for (const name of ["one.txt", "two.txt"]) data.items.add(new File(["so good\nso bad\n"], name));
    return data;
  });
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: data });
  await expect(page.getByRole("alert")).toContainText("This is more than one file.");
  await expect(page.getByLabel(/^Or a file/)).toHaveValue("");
  await expect(page.getByLabel(/Your texts/)).toHaveValue("I love it");
  await expect(page.getByRole("button", { name: /^Analyze/ })).toHaveText("Analyze 1 text");
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

test("a file that is too large is refused, and the one before stays without its name in the field", async ({ page }) => {
  const file = page.getByLabel(/^Or a file/);
  await file.setInputFiles(textFile("a.txt", "one\ntwo"));
  await expect(page.getByText("From a.txt")).toBeVisible();
  // By its size alone, which is told before it is read.
  await page.evaluate(() => Object.defineProperty(Blob.prototype, "size", { get: () => 50_000_001 }));
  await file.setInputFiles(textFile("b.txt", "three"));
  await expect(page.getByRole("alert")).toContainText("larger than 50 MB");
  await expect(file).toHaveValue("");
  await expect(page.getByText("From a.txt")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Analyze/ })).toHaveText("Analyze 2 texts");
});

test("a file that cannot be read is not named in the field", async ({ page }) => {
  const file = page.getByLabel(/^Or a file/);
  await page.evaluate(() => {
    Blob.prototype.text = () => Promise.reject(new DOMException("", "NotReadableError"));
  });
  await file.setInputFiles(textFile("a.txt", "one\ntwo"));
  await expect(page.getByRole("alert")).toContainText("cannot be read");
  await expect(file).toHaveValue("");
});

for (const [name, content] of [["empty.csv", ""], ["header.csv", "id,text\n"]]) {
  test(`that no texts were found is said, ${name}`, async ({ page }) => {
    await page.getByLabel(/Your texts/).fill("I love it");
    await page.locator("#file").setInputFiles(textFile(name, content));
    await expect(page.getByRole("alert")).toHaveText("No texts were found in this file.");
    await expect(page.getByText(`From ${name}`)).toBeVisible();
    await expect(page.getByRole("button", { name: /^Analyze/ })).toHaveText("Analyze");
    await expect(page.getByRole("button", { name: /^Analyze/ })).toBeDisabled();
    await page.getByLabel(/Your texts/).fill("I love it");
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("one JSON document is refused where it is pasted, too", async ({ page }) => {
  const [box, submit] = [page.getByLabel(/Your texts/), page.getByRole("button", { name: /^Analyze/ })];
  for (const json of ['[\n  {"text": "so good"}\n]\n', '{\n  "data": ["so good"]\n}\n']) {
    await box.fill(json);
    await expect(page.getByRole("alert")).toContainText("one JSON document");
    await expect(submit).toHaveText("Analyze");
    await expect(submit).toBeDisabled();
    await expect(box).toHaveValue(json);
    await box.fill('{"text": "so good"}\n{"text": "so bad"}\n');
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(submit).toHaveText("Analyze 2 texts");
  }
});

test("the line that tells Excel the delimiter is no row", async ({ page }) => {
  await page.locator("#file").setInputFiles(textFile("a.csv", "sep=;\r\nid;text\r\n1;so good, really\r\n2;so bad\r\n"));
  await expect(page.getByRole("button", { name: /^Analyze/ })).toHaveText("Analyze 2 texts");
  await expect(page.getByLabel("Format").locator("option:checked")).toHaveText("CSV, semicolons");
  await expect(page.getByLabel("Text column").locator("option:checked")).toHaveText("text");
});

for (const [name, content, reason] of [
  ["a.csv", "id,text\n1,so good\n2,Good, but in the end I hated every minute of it\n", "it has more cells than the first row"],
  ["b.csv", 'id,text\n1,so good\n2,"Lovely\n3,Bad\n4,Awful\n', "a quote is left open"],
  ["c.csv", "id,text,by\n1,so good,me\n2,Good\n", "it has fewer cells than the first row"],
  ["c.jsonl", '{"text":"so good"}\n{"text":"so bad", "stars": 1\n', "it is no JSON object or string"],
  ["d.jsonl", '{"text":"so good"}\n{"text":["so bad"]}\n', "the text is a list"],
]) {
  test(`a row that cannot be read has a reason and no verdict, ${name}`, async ({ page }) => {
    await page.locator("#file").setInputFiles(textFile(name, content));
    const asking = page.waitForRequest("**/page/texts");
    await page.getByRole("button", { name: "Analyze 2 texts" }).click();
    expect((await asking).postDataJSON().texts).toEqual(["so good"]);
    await expect(page.getByText("All 2 texts are done")).toBeVisible();
    const row = drawn(page).nth(1);
    await expect(row.getByText("Not analyzed")).toHaveAttribute("title", new RegExp(`^This row cannot be read: ${reason}`));
    await expect(row.getByRole("link")).toHaveCount(0);
  });
}

test("the texts of a column alone may have commas", async ({ page }) => {
  await page.locator("#file").setInputFiles(textFile("a.csv", "review\nGood, but late\nFine\n"));
  await expect(page.getByLabel("Text column").locator("option:checked")).toHaveText("review");
  await page.getByRole("button", { name: "Analyze 2 texts" }).click();
  await expect(drawn(page).first()).toContainText("Good, but late");
});

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
  const buffer = Buffer.concat([Buffer.from("très très bien "), Buffer.from([0xff])]);
  await page.locator("#file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer });
  await expect(page.getByRole("alert")).toContainText("not UTF-8");
  await page.getByLabel(/Your texts/).fill("I love it");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a file that Excel calls CSV keeps its letters, and it is said how it was read", async ({ page }) => {
  const buffer = Buffer.from("Datum;Kommentar;Größe\r\n01.05.2024;Caf\xe9 \x96 it\x92s so good;5\r\n", "latin1");
  await page.locator("#file").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer });
  await expect(page.getByText("From a.csv, read as Windows-1252. If letters look wrong, save it as UTF-8")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByLabel("Text column").locator("option")).toHaveText(["Datum", "Kommentar", "Größe"]);
  const asking = page.waitForRequest("**/page/texts");
  await page.getByRole("button", { name: "Analyze 1 text" }).click();
  expect((await asking).postDataJSON().texts).toEqual(["Café – it’s so good"]);
});

test("the file chosen last counts, also where it is read first", async ({ page }) => {
  await page.evaluate(() => {
    const read = Blob.prototype.text;
    Blob.prototype.text = function () {
      if ((this as File).name !== "slow.txt") return read.call(this);
      const told = Promise.withResolvers<void>();
      const text = told.promise.then(() => read.call(this));
      const goOn = async () => {
        told.resolve();
        await text;
        // The page takes in what it has read by a timer of 0 ms, which is over before this one.
        await new Promise((done) => setTimeout(done, 10));
      };
      Object.assign(window, { goOn });
      return text;
    };
  });
  await page.locator("#file").setInputFiles(textFile("slow.txt", "one\ntwo\nthree"));
  await page.locator("#file").setInputFiles(textFile("quick.txt", "one\ntwo"));
  await expect(page.getByText("From quick.txt")).toBeVisible();
  await page.evaluate(() => (window as unknown as { goOn: () => Promise<void> }).goOn());
  await expect(page.getByText("From quick.txt")).toBeVisible();
  await expect(page.getByRole("button", { name: "Analyze 2 texts" })).toBeEnabled();
});
