// Pictures of the main states in both themes, for the README and for a look.

import { expect, test } from "./pages/analyzer";

const FOLDER = "../target/screenshots";
// States that are a verdict: the page offers their text as an example, and the bundled model finds it so.
const VERDICTS = ["positive", "negative", "mixed"];
const REVIEWS = [
  "The charger arrived a day early and works perfectly.",
  "It stopped working after two weeks, and nobody answers my mails.",
  "The handle is sturdy, the lid leaks.",
  "Best headphones I have owned so far!",
  "Not worth half of its price.",
  "My parents love it, they use it every evening.",
  "The manual is in three languages.",
  "I wanted to like it, but the screen is far too dim.",
];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const [state, text] of [
      ["empty", undefined],
      ["positive", "Fresh bread, excellent coffee, friendly people. I love this bakery."],
      ["negative", "Two hours on hold, and still nobody could help me."],
      ["mixed", "The first half is gripping, the second half drags."],
      [
        "long",
        "The first evening was magical. Dinner was simple and excellent. Then the building work began. " +
          "We hardly slept, and nobody at the desk cared. On the third day they moved us. From then on everything was lovely again.",
      ],
    ] as const) {
      test(state, async ({ analyzer, page }, { project }) => {
        await analyzer.open(text);
        await analyzer.hydrated();
        if (text !== undefined) await expect(analyzer.reading.locator(".part").first()).toBeVisible();
        if (VERDICTS.includes(state)) {
          await expect(page.getByRole("button", { name: text })).toBeVisible();
          await expect(analyzer.best).toContainText(new RegExp(`^${state}`, "i"));
        }
        const fullPage = project.name === "desk";
        await page.screenshot({ fullPage, path: `${FOLDER}/${state}-${colorScheme}-${project.name}.png` });
      });
    }

    test("many texts", async ({ analyzer, page }, { project }) => {
      await page.goto("/?tab=many");
      await analyzer.hydrated();
      await page.locator("textarea").fill(REVIEWS.join("\n"));
      await page.getByRole("button", { name: `Analyze ${REVIEWS.length} texts` }).click();
      await expect(page.getByText(`All ${REVIEWS.length} texts are done`)).toBeVisible();
      await page.screenshot({ fullPage: true, path: `${FOLDER}/many-${colorScheme}-${project.name}.png` });
    });
  });
}
