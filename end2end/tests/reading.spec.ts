// Looking into a text: its sentences, their arc, and why words weigh what they do.

import type { Page } from "@playwright/test";

import { expect, test } from "./pages/analyzer";
import { hold } from "./pages/hold";
import { packed } from "./pages/texts";

// Longer than a text may be to stand in the address as it is.
const VERY_LONG = Array.from({ length: 80 }, (_, n) => `On day ${n} the garden was ${n % 3 ? "lovely" : "a mess"}.`).join(" ");
const LONG =
  "The first evening was magical. The room looked onto the harbour. Then the drilling began and nobody cared. " +
  "We hardly slept. On the last day everything was lovely again.";

test("a text of several sentences shows each with its score", async ({ analyzer, page }) => {
  await analyzer.open(LONG);
  await analyzer.hydrated();
  const parts = analyzer.reading.locator(".part");
  await expect(parts).toHaveCount(5);
  await expect(parts.first()).toHaveText("The first evening was magical.");
  await expect(parts.first()).toHaveAccessibleDescription(/^Positive, /);
  await expect(parts.nth(2)).toHaveAttribute("data-tint", /^orange/);
  await expect(analyzer.reading.getByText("Each sentence is read by itself.")).toBeVisible();
  // The text is shown back whole.
  await expect(page.locator(".tinted")).toHaveText(LONG);
});

test("three or more sentences have an arc, and the same in words", async ({ analyzer }) => {
  await analyzer.open(LONG);
  await analyzer.hydrated();
  await expect(analyzer.reading.getByRole("img", { name: /over 5 sentences/ })).toBeVisible();
  await expect(analyzer.reading.locator("circle")).toHaveCount(5);
  const arc = analyzer.reading.getByRole("figure", { name: "From sentence to sentence" });
  const [above, picture, below] = await Promise.all(
    [arc.getByText("positive", { exact: true }), arc.getByRole("img"), arc.getByText("negative", { exact: true })].map(
      async (part) => (await part.boundingBox())!,
    ),
  );
  expect(above.y + above.height).toBeLessThanOrEqual(picture.y);
  expect(below.y).toBeGreaterThanOrEqual(picture.y + picture.height);
  await analyzer.reading.getByText("The same as a list").click();
  await expect(analyzer.reading.getByRole("listitem").first()).toHaveText(/^Positive, .* %: The first evening was magical\.$/);

  await analyzer.box.fill("Short and sweet. Thanks!");
  await expect(analyzer.reading.locator(".part")).not.toHaveCount(5);
  await expect(analyzer.reading.getByRole("img")).toHaveCount(0);
});

test("the arc of a long text is near its verdict", async ({ analyzer, page }) => {
  await analyzer.open(LONG.repeat(20));
  const arc = analyzer.reading.getByRole("figure", { name: "From sentence to sentence" });
  const [verdict, drawn] = [(await analyzer.best.boundingBox())!, (await arc.boundingBox())!];
  expect(drawn.y - verdict.y).toBeLessThan(2 * page.viewportSize()!.height);
});

test("one sentence shows why at once, and deeper on request", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("The food was terrible but the view was pleasant");
  const terrible = analyzer.reading.locator(".part", { hasText: /^terrible$/ });
  await expect(terrible).toHaveAccessibleDescription(/^[+−]\d+\.\d\d$/);
  await expect(analyzer.reading).toContainText(/Each word was left out in turn: 9 runs of the model/);

  await analyzer.reading.getByRole("link", { name: /Look deeper/ }).click();
  await expect(analyzer.reading).toContainText(/Shapley values/);
  await expect(page).toHaveURL(/deep=1/);
  await analyzer.reading.getByRole("link", { name: /Back to the quick way/ }).click();
  await expect(analyzer.reading).toContainText(/left out in turn/);
});

test("a long text is looked into by the keyboard", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill(VERY_LONG);
  await expect(analyzer.best).toBeVisible();
  const words = analyzer.reading.getByRole("link", { name: "Words" });
  await analyzer.reading.getByRole("link", { name: "Sentences" }).focus();
  await page.keyboard.press("Tab");
  await expect(words).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(words).toHaveAttribute("aria-current", "true");
  await expect(analyzer.how).toBeVisible({ timeout: 20_000 });
  await analyzer.reading.getByRole("link", { name: /Look deeper/ }).focus();
  await expect(analyzer.reading.getByRole("link", { name: /Look deeper/ })).toBeFocused();
});

test("a link to look otherwise opens elsewhere with the keys for that", async ({ analyzer, context, page }) => {
  await page.goto(`/?${new URLSearchParams({ text: LONG, show: "words" })}`);
  await analyzer.hydrated();
  for (const [name, shown] of [
    ["Sentences", /show=sentences/],
    ["Look deeper, which takes longer", /deep=1/],
  ] as const) {
    const opening = context.waitForEvent("page");
    await analyzer.reading.getByRole("link", { name }).click({ modifiers: ["ControlOrMeta"] });
    await expect(await opening).toHaveURL(shown);
    await expect(page).not.toHaveURL(shown);
  }
});

test("a weighing that was asked for is heard", async ({ analyzer, page }) => {
  const release = await hold(page, "**/page/explain");
  await analyzer.open(LONG);
  await analyzer.hydrated();
  const heard = page.getByRole("status").nth(1);
  await expect(heard).toHaveText("");
  await analyzer.reading.getByRole("link", { name: "Words" }).click();
  await expect(heard).toHaveText("Weighing the words…");
  release();
  await expect(heard).toHaveText("Words weighed");
});

test("words are weighed once, however often one looks elsewhere meanwhile", async ({ analyzer, page }) => {
  let asked = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/page/explain", async (route) => {
    asked += 1;
    await held;
    await route.continue().catch(() => {});
  });
  await analyzer.open(LONG);
  await analyzer.hydrated();
  const lens = (name: string) => analyzer.reading.getByRole("link", { name });
  for (const name of ["Words", "Words", "Sentences", "Words"]) await lens(name).click();
  await expect(analyzer.reading.getByRole("progressbar")).toBeVisible();
  release();
  await expect(analyzer.how).toBeVisible();
  expect(asked).toBe(1);
});

test("the words that speak for the verdict weigh most", async ({ analyzer }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("The chairs in the hall were horrible");
  await expect(analyzer.best).toContainText("Negative");
  await analyzer.reading.getByText("The strongest as a table").click();
  await expect(analyzer.reading.getByRole("row").nth(1)).toContainText(/^horrible\+/);
});

/** Scores of the two labels, the highest first. */
function scores(positive: number) {
  return [
    { label: "POSITIVE", score: positive },
    { label: "NEGATIVE", score: 1 - positive },
  ].sort((one, other) => other.score - one.score);
}

/** Puts scores of the whole text and of its sentences in place of the model's, which no test can choose. */
async function scored(page: Page, whole: number, sentences: number[]) {
  await page.route("**/page/analyze", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.scores = scores(whole);
    answer.sentences.forEach((sentence: { scores: unknown }, index: number) => {
      sentence.scores = scores(sentences[index]);
    });
    await route.fulfill({ response, json: answer });
  });
}

test("a mixed text is called mixed", async ({ analyzer, page }) => {
  await scored(page, 0.6, [0.6]);
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("It is what it is");
  // Without the best label's score, which would read as how mixed it is.
  await expect(analyzer.best).toHaveText("Mixed");
  await expect(page.getByRole("status").first()).toHaveText("Mixed");
  await expect(analyzer.bars).toHaveCount(2);
});

test("a verdict against some of its sentences says so", async ({ analyzer, page }) => {
  await scored(page, 0.95, [0.1, 0.2, 0.4, 0.97]);
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("The soup was cold. The staff was rude. A long wait. A lovely terrace.");
  await expect(analyzer.answer).toContainText(
    "Not of one mind: 2 of 4 sentences read negative by themselves.",
  );
  // As many as that are called so: the third, at 60 %, is on neither side.
  const said = ["Negative, 90.0 %", "Negative, 80.0 %", "Mixed", "Positive, 97.0 %"];
  for (const [number, words] of said.entries()) {
    await expect(analyzer.reading.locator(".part").nth(number)).toHaveAccessibleDescription(words);
  }
  // It had the colour that the legend calls negative.
  await expect(analyzer.reading.locator(".part").nth(2)).toHaveAttribute("data-tint", "none");
  await analyzer.reading.getByText("The same as a list").click();
  await expect(analyzer.reading.getByRole("listitem").nth(2)).toHaveText("Mixed: A long wait.");
  for (const [tone, count] of [["negative", 2], ["plain", 1], ["positive", 1]] as const) {
    await expect(analyzer.reading.locator(`circle[data-tone=${tone}]`)).toHaveCount(count);
  }
});

test("words that stand alone, greetings and signatures are of no mind", async ({ analyzer, page }) => {
  const dissent = analyzer.answer.locator(".verdict__dissent");
  await scored(page, 0.05, [0.01, 0.97, 0.8]);
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("Worst. Movie. Ever.");
  await expect(analyzer.reading.locator(".part").nth(1)).toHaveAccessibleDescription("Positive, 97.0 %");
  await expect(dissent).toBeEmpty();
  await scored(page, 0.05, [0.97, 0.02, 0.9, 0.96]);
  await analyzer.box.fill("Dear Ms Miller,\nthe lamp is broken.\nThe shade looks nice.\nTom");
  await expect(analyzer.reading.locator(".part")).toHaveCount(4);
  await expect(dissent).toHaveText("Not of one mind: 1 of 2 longer sentences reads positive by itself.");
});

test("labels without a feeling have neither colours nor their legend", async ({ analyzer, page }) => {
  await page.route("**/page/analyze", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    const scores = [
      { label: "TALK", score: 0.9 },
      { label: "SONG", score: 0.1 },
    ];
    for (const scored of [answer, ...answer.sentences]) scored.scores = scores;
    await route.fulfill({ response, json: answer });
  });
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("One is fine. Two is better.");
  await expect(analyzer.best).toContainText("Talk");
  await expect(analyzer.reading.locator(".part")).toHaveCount(2);
  await expect(analyzer.reading.locator('[data-tint]:not([data-tint="none"])')).toHaveCount(0);
  await expect(analyzer.reading.getByText("Each sentence is read by itself.")).toHaveCount(0);
});

test("clear empties the box and takes the answer away", async ({ analyzer, page }) => {
  await analyzer.open("I love this");
  await analyzer.hydrated();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(analyzer.box).toHaveValue("");
  await expect(analyzer.box).toBeFocused();
  await expect(analyzer.best).toHaveCount(0);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("sentences, arc and words come with the page", async ({ analyzer }) => {
    await analyzer.open(LONG);
    await expect(analyzer.reading.locator(".part")).toHaveCount(5);
    await expect(analyzer.reading.locator("circle")).toHaveCount(5);
    await analyzer.reading.getByRole("link", { name: "Words" }).click();
    await expect(analyzer.reading.locator(".part", { hasText: /^magical$/ })).toHaveAccessibleDescription(/^[+−]/);
    await analyzer.reading.getByRole("link", { name: /Look deeper/ }).click();
    await expect(analyzer.reading).toContainText(/Shapley values/);
  });

  for (const [form, query] of [
    ["as it is", new URLSearchParams({ text: VERY_LONG }).toString()],
    ["packed", packed(VERY_LONG)],
  ]) {
    test(`a long text that the address holds ${form} is looked into`, async ({ analyzer, page }) => {
      await page.goto(`/?${query}`);
      await analyzer.reading.getByRole("link", { name: "Words" }).click();
      await expect(page).toHaveURL((url) => url.search === `?${query}&show=words`, { timeout: 20_000 });
      await expect(analyzer.how).toBeVisible();
    });
  }
});
