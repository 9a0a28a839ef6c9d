// The page without scripts: the server answers in the page itself.

import { expect, test } from "./pages/analyzer";

test.use({ javaScriptEnabled: false });

test("the form's button leads to the answer", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.box.fill("What a wonderful evening");
  await analyzer.button.click();
  await expect(page).toHaveURL(/\?text=What\+a\+wonderful\+evening$/);
  await expect(analyzer.best).toContainText("Positive");
  await expect(analyzer.bars).toHaveCount(2);
  await expect(analyzer.box).toHaveValue("What a wonderful evening");
});

test("nothing is promised that only a script does", async ({ analyzer, page }) => {
  await analyzer.open();
  await expect(page.locator(".hint")).toHaveText(/^The verdict appears here: how sure the model is,/);
  await page.goto("/status");
  await expect(page.getByRole("link", { name: "Reload" })).toBeVisible();
  await expect(page.getByText("With JavaScript, these numbers refresh themselves.")).toBeVisible();
});

test("a link leads to the words of a text that is one sentence", async ({ analyzer, page }) => {
  await analyzer.open("What a wonderful evening");
  await page.getByRole("link", { name: "Weigh each word" }).click();
  await expect(page).toHaveURL(/[?&]show=words$/);
  await expect(analyzer.reading.locator(".part").first()).toBeVisible();
  await page.getByRole("link", { name: "Look deeper" }).click();
  await expect(page).toHaveURL(/[?&]deep=1$/);
  await expect(analyzer.how).toContainText("Shapley");
});

test("how long a text may be is said beside its box, and is true", async ({ analyzer, page }) => {
  await analyzer.open();
  // Playwright finds no text by itself in here.
  const note = page.locator("#ask noscript p");
  await expect(note).toBeVisible();
  await expect(note).toContainText("some 60,000 Latin letters");
  for (const [letter, fits, fails] of [["a", 60_000, 70_000], ["я", 10_000, 12_000], ["好", 7_000, 8_000]] as const) {
    const status = async (letters: number) => (await page.request.get(`/?text=${encodeURIComponent(letter.repeat(letters))}`)).status();
    expect(await status(fits)).not.toBe(414);
    expect(await status(fails)).toBe(414);
  }
});

test("an example's button leads to its answer", async ({ analyzer, page }) => {
  await analyzer.open();
  await page.getByRole("button", { name: "Two hours on hold" }).click();
  await expect(analyzer.best).toContainText("Negative");
  await expect(analyzer.box).toHaveValue(/^Two hours on hold/);
});

test("line breaks survive the way through the form", async ({ analyzer }) => {
  await analyzer.open();
  await analyzer.box.fill("first\nsecond");
  await analyzer.button.click();
  await expect(analyzer.bars).toHaveCount(2);
  await expect(analyzer.box).toHaveValue("first\nsecond");
});

test("a text with line breaks at its ends comes back unchanged", async ({ analyzer }) => {
  const text = "\n\nfirst\nlast\n";
  await analyzer.open(text);
  await expect(analyzer.box).toHaveValue(text);
});

test("many texts are said to need a script or a program", async ({ page }) => {
  await page.goto("/?tab=many");
  await page.getByRole("link", { name: "from a program" }).click();
  await expect(page).toHaveURL(/\/docs$/);
});
