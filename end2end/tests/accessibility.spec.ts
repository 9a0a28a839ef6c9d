// WCAG 2.2 AA by axe, in every state and both themes.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./pages/analyzer";
import { shuffled } from "./pages/texts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LONG = "The start was lovely. The middle was awful! The end was fine.";

type States = Record<string, (run: { page: import("@playwright/test").Page }) => Promise<void>>;

const STATES: States = {
  empty: async ({ page }) => {
    await page.goto("/");
  },
  words: async ({ page }) => {
    await page.goto("/?text=The+food+was+terrible&show=words");
  },
  "words weighed deeper": async ({ page }) => {
    await page.goto("/?text=The+food+was+terrible&show=words&deep=1");
    await page.getByText("Shapley values").waitFor();
  },
  weighing: async ({ page }) => {
    await page.route("**/page/explain", () => {});
    await page.goto("/?text=The+food+was+terrible");
    await page.getByRole("progressbar").waitFor();
  },
  sentences: async ({ page }) => {
    await page.goto(`/?${new URLSearchParams({ text: LONG })}`);
    for (const panel of await page.locator("summary").all()) await panel.click();
  },
  error: async ({ page }) => {
    await page.goto("/?text=I+love+this");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByRole("textbox", { name: "Your text" }).fill("a".repeat(100_001));
    await page.getByRole("alert").waitFor();
  },
  "too long for a link": async ({ page }) => {
    await page.goto("/");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByRole("textbox", { name: "Your text" }).fill(shuffled(11_000));
    await page.getByText("This text is too long for a link.").waitFor();
    await page.locator(".verdict").waitFor({ timeout: 20_000 });
  },
  history: async ({ page }) => {
    await page.goto("/");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByText(/^History/).click();
    await page.getByRole("textbox", { name: "Your text" }).fill("A wonderful start");
    await page.getByText("History (1)").waitFor();
  },
  many: async ({ page }) => {
    await page.goto("/?tab=many");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByLabel(/Your texts/).fill("I love it\nI hate it");
    await page.getByRole("button", { name: "Analyze 2 texts" }).click();
    await page.getByText("All 2 texts are done").waitFor();
  },
  "many stopped": async ({ page }) => {
    await page.route("**/page/texts", () => {});
    await page.goto("/?tab=many");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByLabel(/Your texts/).fill("I love it\nI hate it");
    await page.getByRole("button", { name: "Analyze 2 texts" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Done: 0 of 2 texts").waitFor();
  },
  embed: async ({ page }) => {
    await page.goto("/embed?text=I+love+this");
  },
  "embed in a light page": async ({ page }) => {
    await page.goto("/embed?text=I+love+this&theme=light");
  },
  "embed in a dark page": async ({ page }) => {
    await page.goto("/embed?text=I+love+this&theme=dark");
  },
  code: async ({ page }) => {
    await page.goto("/code?text=I+love+this");
    await page.getByRole("button", { name: "Copy the code for curl" }).waitFor();
  },
  docs: async ({ page }) => {
    await page.goto("/docs");
    await page.locator("details").evaluateAll((panels) => panels.forEach((panel) => panel.setAttribute("open", "")));
  },
  card: async ({ page }) => {
    await page.goto("/model");
  },
  status: async ({ page }) => {
    await page.goto("/status");
  },
};

/** Of the server that has two models and takes feedback. */
const STATES_WITH_ALL: States = {
  "model chooser": async ({ page }) => {
    await page.goto("/?text=I+love+this&model=tiny");
  },
  feedback: async ({ page }) => {
    await page.goto("/?text=A+thumb+for+axe");
    await page.locator("html[data-hydrated]").waitFor();
    await page.getByRole("button", { name: "Yes, this is right" }).click();
    await page.getByText("Thank you.").waitFor();
  },
};

/** Their requests fail. */
const STATES_OF_FAILURE: States = {
  "unknown address": async ({ page }) => {
    await page.goto("/nowhere");
  },
};

function check(states: States) {
  for (const [name, reach] of Object.entries(states)) {
    test(name, async ({ page }) => {
      await reach({ page });
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.html).join("\n  ")}`);
      expect(found).toEqual([]);
    });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    check(STATES);
    test.describe("with two models and feedback", () => {
      test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });
      check(STATES_WITH_ALL);
    });
    test.describe("of requests that fail", () => {
      test.use({ expectsFailures: true });
      check(STATES_OF_FAILURE);
    });
  });
}

test("the legend has the lines of the text", async ({ analyzer }) => {
  await analyzer.open(LONG);
  const swatch = (tint: string) => analyzer.reading.locator(`.legend__swatch[data-tint^=${tint}]`);
  await expect(swatch("orange")).toHaveCSS("border-bottom-style", "dotted");
  await expect(swatch("blue")).toHaveCSS("box-shadow", /inset/);
});

test("blue and orange differ where the system chooses the colours, and so do the tabs", async ({ analyzer, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await analyzer.open(LONG);
  for (const [tint, line] of [
    ["blue", "solid"],
    ["orange", "dotted"],
  ]) {
    const marked = analyzer.reading.locator(`[data-tint^=${tint}]`);
    await expect(marked.and(page.locator(".part")).first()).toHaveCSS("text-decoration-line", "underline");
    await expect(marked.and(page.locator(".part")).first()).toHaveCSS("text-decoration-style", line);
    await expect(marked.and(page.locator(".legend__swatch"))).toHaveCSS("border-bottom-style", line);
  }
  const edges = await page
    .getByRole("navigation", { name: "What to analyze" })
    .getByRole("link")
    .evaluateAll((tabs) => tabs.map((tab) => getComputedStyle(tab).borderBottomWidth));
  // One that is there in the ground's colour would be a hole in the line below.
  expect(edges).toEqual(["3px", "0px"]);
});

test("everything is reached by the keyboard, in the order in which it stands", async ({ analyzer, page }) => {
  await analyzer.open("I love this");
  await analyzer.hydrated();
  await expect(analyzer.reading.locator(".part").first()).toBeVisible();
  const seen: string[] = [];
  let top = -1;
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim() || "");
    if (seen.includes(name) && step > 20) break;
    seen.push(name);
  }
  for (const name of ["One text", "Many texts", "text", "Clear", "Analyze", "Sentences", "Words", "Share"]) {
    expect(seen).toContain(name);
    expect(seen.indexOf(name)).toBeGreaterThan(top);
    top = seen.indexOf(name);
  }
});

test("progress is seen where the system chooses the colours", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await STATES.weighing({ page });
  // Its edge shows how far there is to go; its ground and the page's are one colour here.
  await expect(page.getByRole("progressbar")).toHaveCSS("border-top-style", "solid");
});

for (const address of ["/", "/?text=I+love+this", "/?tab=many"]) {
  test(`headings skip no level, ${address}`, async ({ page }) => {
    await page.goto(address);
    // Those in closed panels, too.
    const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((headings) => headings.map((heading) => Number(heading.tagName[1])));
    expect(levels).toContain(2);
    levels.forEach((level, place) => expect(level - (levels[place - 1] ?? 0)).toBeLessThanOrEqual(1));
  });
}
