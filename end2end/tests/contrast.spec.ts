// What is not text stands out from its ground, in both themes: edges, lines and tints (WCAG 1.4.11).

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

  test(`every tint has a line that stands out from its ground, ${colorScheme}`, async ({ analyzer, page }) => {
    await page.emulateMedia({ colorScheme, contrast: "no-preference" });
    await analyzer.open(LONG);
    const look = (tint: string) =>
      analyzer.reading.locator(".part").first().evaluate((part, tint) => {
        part.setAttribute("data-tint", tint);
        const { boxShadow, textDecorationColor } = getComputedStyle(part);
        const line = tint.startsWith("blue") ? boxShadow : textDecorationColor;
        const strength = parseInt(getComputedStyle(part).getPropertyValue("--strength"));
        return { line, ground: getComputedStyle(part.parentElement!).backgroundColor, strength };
      }, tint);
    for (const tint of ["blue-1", "blue-4", "orange-1", "orange-4"]) {
      const { line, ground } = await look(tint);
      // What is partly transparent has another form.
      expect(line, tint).toMatch(/^rgb\(/);
      expect(contrast(line, ground), tint).toBeGreaterThanOrEqual(3);
    }
    const { strength } = await look("blue-1");
    await page.emulateMedia({ contrast: "more" });
    expect((await look("blue-1")).strength).toBeGreaterThan(strength);
  });
}
