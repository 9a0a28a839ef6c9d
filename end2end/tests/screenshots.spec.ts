// Pictures of the main states in both themes, for the README and for a look.

import { test } from "./pages/analyzer";

const FOLDER = "../target/screenshots";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const [state, text] of [
      ["empty", undefined],
      ["positive", "The soup was warm, the staff was warmer. We stayed for hours."],
      ["negative", "Two hours on hold, and still nobody could help me."],
    ] as const) {
      test(state, async ({ analyzer, page }, { project }) => {
        await analyzer.open(text);
        await analyzer.hydrated();
        await page.screenshot({ path: `${FOLDER}/${state}-${colorScheme}-${project.name}.png` });
      });
    }
  });
}
