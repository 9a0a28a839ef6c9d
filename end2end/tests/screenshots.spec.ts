// Pictures of the main states in both themes, for the README and for a look.

import { expect, test } from "./pages/analyzer";

const FOLDER = "../target/screenshots";
// States that are a verdict: the page offers their text as an example, and the bundled model finds it so.
const VERDICTS = ["positive", "negative", "mixed"];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const [state, text] of [
      ["empty", undefined],
      ["positive", "The soup was warm, the staff was warmer. We stayed for hours and laughed."],
      ["negative", "Two hours on hold, and still nobody could help me."],
      ["mixed", "The view is stunning, the bed was hard as a board."],
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
        await page.screenshot({ path: `${FOLDER}/${state}-${colorScheme}-${project.name}.png` });
      });
    }
  });
}
