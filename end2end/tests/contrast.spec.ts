// What is not text stands out from its ground, in both themes: edges and lines (WCAG 1.4.11).

import { expect, test } from "./pages/analyzer";

const LONG = "The start was lovely. The middle was awful! The end was fine.";

/** How far a colour is from another, as WCAG counts it. */
function contrast(one: string, other: string) {
  const light = (colour: string) => {
    const [r, g, b] = colour.match(/\d+/g)!.map((part) => Number(part) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
  return (more + 0.05) / (less + 0.05);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`fields stand out from their ground, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const address of ["/?text=I+love+this", "/?tab=many"]) {
      await page.goto(address);
      const fields = await page.locator("textarea, select, input[type=search], input[type=url]").evaluateAll((fields) =>
        fields.map((field) => {
          const { borderTopColor, backgroundColor } = getComputedStyle(field);
          return [field.id, borderTopColor, backgroundColor, getComputedStyle(document.body).backgroundColor];
        }),
      );
      expect(fields.length).toBeGreaterThan(0);
      for (const [id, edge, ...grounds] of fields) {
        for (const ground of grounds) expect(contrast(edge, ground), id).toBeGreaterThanOrEqual(3);
      }
    }
  });

  test(`the middle of the arc stands out from its ground, ${colorScheme}`, async ({ analyzer, page }) => {
    await page.emulateMedia({ colorScheme });
    await analyzer.open(LONG);
    const [line, ground] = await analyzer.reading
      .locator(".arc__middle")
      .evaluate((line) => [getComputedStyle(line).stroke, getComputedStyle(document.body).backgroundColor]);
    expect(contrast(line, ground)).toBeGreaterThanOrEqual(3);
  });
}
