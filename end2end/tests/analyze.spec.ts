// A person types and reads the answer.

import { expect, test } from "./pages/analyzer";
import { hold } from "./pages/hold";

test("answers while one types, without a reload", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await expect(analyzer.best).toHaveCount(0);

  await analyzer.box.pressSequentially("This is wonderful, thank you!", { delay: 20 });
  await expect(analyzer.best).toContainText("Positive");
  await expect(analyzer.bars).toHaveCount(2);
  // As everywhere, whatever letters the model's configuration has.
  await expect(analyzer.answer.getByRole("meter", { name: "Negative", exact: true })).toBeVisible();

  await analyzer.box.fill("This is awful, I want my money back.");
  await expect(analyzer.best).toContainText("Negative");
  expect(await page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(1);
});

test("a verdict is heard through a region that was there before it", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  const heard = page.getByRole("status").first();
  await expect(heard).toHaveText("");
  // Another element in its place would not have this.
  await heard.evaluate((region) => region.setAttribute("data-same", ""));
  await analyzer.box.fill("This is wonderful, thank you!");
  await expect(heard).toHaveText(/^Positive, .+ %$/);
  await expect(heard).toHaveAttribute("data-same", "");
});

test("keeps every key typed at 20 ms while answers arrive", async ({ analyzer }) => {
  const text = "The waiter smiled, the bread was fresh, and we loved every minute of it.";
  await analyzer.open();
  await analyzer.box.pressSequentially(text, { delay: 20 });
  await expect(analyzer.best).toContainText("Positive");
  await expect(analyzer.box).toHaveValue(text);
});

test("asks once typing pauses, and not at every key", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().endsWith("/page/analyze"))));
  const text = "This is wonderful, thank you!";
  // From within the page, where a busy machine leaves no pauses between keys.
  await analyzer.box.evaluate(async (box: HTMLTextAreaElement, text) => {
    for (const letter of text) {
      box.value += letter;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => setTimeout(done));
    }
  }, text);
  await expect(analyzer.best).toContainText("Positive");
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThan(text.length / 2);
});

test("answers a text that was typed before the page was interactive", async ({ analyzer, page }) => {
  const release = await hold(page, "**/*.wasm");
  await page.goto("/", { waitUntil: "commit" });
  await analyzer.box.fill("What a wonderful surprise");
  release();
  await analyzer.hydrated();
  await expect(analyzer.box).toHaveValue("What a wonderful surprise");
  await expect(analyzer.best).toContainText("Positive");
});

test("shows the answer to the last text only", async ({ analyzer, page }) => {
  // The first question's answer is held back until the second one's is shown.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/page/analyze", async (route) => {
    if (route.request().postData()?.includes("wonderful")) await held;
    await route.continue().catch(() => {});
  });
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("wonderful");
  const asked = page.waitForRequest((request) => !!request.postData()?.includes("wonderful"));
  await analyzer.button.click();
  await asked;
  await analyzer.box.fill("terrible");
  await expect(analyzer.best).toContainText("Negative");
  release();
  await expect(analyzer.answer).toHaveAttribute("aria-busy", "false");
  await expect(analyzer.best).toContainText("Negative");
});

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`an answer that takes a while is seen to be on its way, motion: ${reducedMotion}`, async ({ analyzer, page }) => {
    await page.emulateMedia({ reducedMotion });
    await analyzer.open("I love this");
    await analyzer.hydrated();
    const line = () =>
      analyzer.answer.evaluate((answer) => {
        const { animationIterationCount, content, opacity } = getComputedStyle(answer, "::before");
        return { isThere: content !== "none" && Number(opacity) > 0, times: animationIterationCount };
      });
    expect((await line()).isThere).toBe(false);
    const release = await hold(page, "**/page/analyze");
    await analyzer.box.fill("This is awful, I want my money back.");
    const times = reducedMotion === "reduce" ? "1" : "infinite";
    await expect.poll(line).toEqual({ isThere: true, times });
    await expect(analyzer.best).toContainText("Positive");
    release();
    await expect(analyzer.best).toContainText("Negative");
    await expect.poll(async () => (await line()).isThere).toBe(false);
  });
}

// Praise, complaint, negation, a mixed feeling, and a long review.
const OUTCOMES = [/^Positive/, /^Negative/, /^Positive/, /^Mixed$/, /^(Positive|Negative)/];

test("every example is analyzed as what it is", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  const chips = page.getByRole("region", { name: "Or try one of these" }).getByRole("button");
  await expect(chips).toHaveCount(OUTCOMES.length);
  for (const [number, outcome] of OUTCOMES.entries()) {
    const chip = chips.nth(number);
    const text = (await chip.getAttribute("value"))!;
    await chip.click();
    await expect(analyzer.box).toHaveValue(text);
    await expect(page).toHaveURL((url) => url.searchParams.get("text") === text);
    await expect(analyzer.answer).toHaveAttribute("aria-busy", "false");
    await expect(analyzer.best).toHaveText(outcome);
    await expect(analyzer.bars).toHaveCount(2);
    // Only the long review has sentences of two minds.
    await expect(analyzer.answer.getByText("Not of one mind")).toHaveCount(number === 4 ? 1 : 0);
  }
});

test("undo brings back what a press took from the box", async ({ analyzer, page }) => {
  await page.clock.install();
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("A wonderful start");
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await expect(analyzer.box).toHaveValue("");
  await page.keyboard.press("Control+z");
  await expect(analyzer.box).toHaveValue("A wonderful start");
  await expect(analyzer.best).toContainText("Positive");

  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().endsWith("/page/analyze"))));
  const chip = page.getByRole("button", { name: "Two hours on hold" });
  await chip.click();
  await expect(analyzer.best).toContainText("Negative");
  // Nobody types there: no phone's keyboard comes up, and the next key is the chip's.
  await expect(chip).toBeFocused();
  // A pause in typing, after which a text is asked.
  await page.clock.fastForward(150);
  await analyzer.box.press("Control+z");
  await expect(analyzer.box).toHaveValue("A wonderful start");
  await expect(analyzer.best).toContainText("Positive");
  // The press and the undoing, each once.
  expect(asked).toBe(2);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("an example below the answer brings its verdict into sight", async ({ analyzer, page }) => {
    await analyzer.open("I love this");
    await analyzer.hydrated();
    await page.getByRole("button", { name: "Two hours on hold" }).click();
    await expect(analyzer.best).toContainText("Negative");
    await expect(analyzer.best).toBeInViewport();
  });

  test("a long text leaves room for its verdict above the keyboard", async ({ analyzer }) => {
    await analyzer.open();
    await analyzer.hydrated();
    await analyzer.box.fill("The first evening was magical, and dinner was simple and excellent. ".repeat(10));
    await expect(analyzer.best).toBeVisible();
    const [box, best] = [(await analyzer.box.boundingBox())!, (await analyzer.best.boundingBox())!];
    // A keyboard takes some 300 of the 844 pixels.
    expect(best.y + best.height - box.y).toBeLessThan(844 - 300);
  });

  test("the first examples are in sight from the start", async ({ analyzer, page }) => {
    await analyzer.open();
    for (const name of ["Fresh bread", "Two hours on hold", "Not bad at all"]) {
      await expect(page.getByRole("button", { name })).toBeInViewport({ ratio: 1 });
    }
  });
});

test("the address follows the text and restores it", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("Best day of my life & counting: 100 % joy");
  await expect(analyzer.best).toContainText("Positive");
  const answer = (await analyzer.best.textContent())!;

  await page.reload();
  await expect(analyzer.box).toHaveValue("Best day of my life & counting: 100 % joy");
  await expect(analyzer.best).toHaveText(answer);
});

test("an emptied box takes the answer away", async ({ analyzer, page }) => {
  await analyzer.open("I love this");
  await analyzer.hydrated();
  await expect(analyzer.best).toContainText("Positive");
  await analyzer.box.fill("");
  await expect(analyzer.best).toHaveCount(0);
  expect(new URL(page.url()).search).toBe("");
});

test("Ctrl+Enter analyzes at once", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("Simply delightful");
  await analyzer.box.press("Control+Enter");
  await expect(page).toHaveURL((url) => url.searchParams.get("text") === "Simply delightful");
  await expect(analyzer.best).toContainText("Positive");
});

test("the page does not scroll sideways", async ({ analyzer }) => {
  await analyzer.open("unbreakable".repeat(40));
  expect(await analyzer.overflow()).toBeLessThanOrEqual(0);
});
