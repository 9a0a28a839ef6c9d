// The parts of a text shown back: their notes, and the keys that go from one to the next.

import type { Locator } from "@playwright/test";
import { expect, test } from "./pages/analyzer";

const TEXT =
  "The first evening was magical. The room looked onto the harbour. Then the drilling began and nobody cared. " +
  "We hardly slept. On the last day everything was lovely again.";

/** A part's note, as the style sheet shows it; "none" while it is hidden. */
async function note(part: Locator) {
  return part.evaluate((part) => getComputedStyle(part, "::after").content);
}

for (const word of ["Hi!", "אוי!"]) {
  test(`no note leaves the page, with ${word}`, async ({ analyzer, page }) => {
    await analyzer.open(`${word} `.repeat(40));
    await analyzer.hydrated();
    const parts = analyzer.reading.locator(".part");
    await expect(parts).toHaveCount(40);
    // A page scrolls to the side at which its lines end: each has its turn to be that one.
    for (const side of ["ltr", "rtl"]) {
      await page.locator("html").evaluate((root, side) => {
        root.setAttribute("dir", side);
        (document.activeElement as HTMLElement).blur();
      }, side);
      const before = await analyzer.overflow();
      const beyond = await parts.evaluateAll((parts) =>
        parts.map((part) => {
          (part as HTMLElement).focus();
          return document.documentElement.scrollWidth - document.documentElement.clientWidth;
        }),
      );
      expect(Math.max(...beyond), side).toBeLessThanOrEqual(before);
    }
  });
}

test("the arrow keys go from part to part", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const parts = analyzer.reading.locator(".part");
  await parts.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(parts.nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(parts.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(parts.first()).toBeFocused();
  await expect(parts.nth(1)).toHaveAttribute("tabindex", "-1");
});

test("keys that are the browser's stay the browser's", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const parts = analyzer.reading.locator(".part");
  await parts.first().focus();
  for (const key of ["Alt+ArrowRight", "Meta+ArrowRight", "Shift+ArrowRight", "Control+End"]) {
    await page.keyboard.press(key);
    await expect(parts.first(), key).toBeFocused();
  }
  await page.keyboard.press("ArrowRight");
  await expect(parts.nth(1)).toBeFocused();
});

test("left is onward in a text that is read to the left", async ({ analyzer, page }) => {
  await analyzer.open(`שלום! ${TEXT}`);
  await analyzer.hydrated();
  const parts = analyzer.reading.locator(".part");
  await parts.first().focus();
  await page.keyboard.press("ArrowLeft");
  await expect(parts.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(parts.first()).toBeFocused();
});

test("Escape hides a note until the next one", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const parts = analyzer.reading.locator(".part");
  await parts.first().focus();
  await expect.poll(() => note(parts.first())).not.toBe("none");
  await page.keyboard.press("Escape");
  await expect.poll(() => note(parts.first())).toBe("none");
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => note(parts.nth(1))).not.toBe("none");
});

test("a press shows a note that Escape has hidden", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const part = analyzer.reading.locator(".part").first();
  await part.focus();
  for (const press of [() => page.keyboard.press("Enter"), () => page.keyboard.press("Space"), () => part.click()]) {
    await page.keyboard.press("Escape");
    await expect.poll(() => note(part)).toBe("none");
    await press();
    await expect(part).toBeFocused();
    await expect.poll(() => note(part)).not.toBe("none");
  }
});

test("a note describes its part, and is no part of its name", async ({ analyzer }) => {
  // Two sentences have no arc, and so no list.
  await analyzer.open("One is fine. Two is better.");
  await analyzer.hydrated();
  const part = analyzer.reading.getByRole("button", { name: "Two is better.", exact: true });
  await part.focus();
  await expect(part).toHaveAccessibleDescription(/^((Positive|Negative), .+ %|Mixed)$/);
  await expect(part).toHaveAccessibleName("Two is better.");
});

test.describe("with a mouse", () => {
  // At the width of a phone too: a finger does not hover, but a narrow window's mouse does.
  test.use({ hasTouch: false, isMobile: false });

  test("the pointer gets from a part's second line to its note", async ({ analyzer, page }) => {
    await analyzer.open(`So it was. The room looked onto the harbour${", and onto boats that came in and went".repeat(6)}.`);
    await analyzer.hydrated();
    const part = analyzer.reading.locator(".part").nth(1);
    await part.scrollIntoViewIfNeeded();
    const [first, second] = await part.evaluate((part) =>
      [...part.getClientRects()].map(({ left, top, bottom }) => ({ left, middle: (top + bottom) / 2, top })),
    );
    const x = first.left + 4;
    const steps = 30;
    for (let step = 0; step <= steps; step++) {
      // The last step is within the note, above the first line.
      await page.mouse.move(x, second.middle + ((first.top - 8 - second.middle) * step) / steps);
      expect(await note(part), `step ${step} of ${steps}`).not.toBe("none");
    }
  });

  test("Escape hides the note of a part that has no focus", async ({ analyzer, page }) => {
    await analyzer.open(TEXT);
    await analyzer.hydrated();
    const parts = analyzer.reading.locator(".part");
    await parts.first().hover();
    await expect.poll(() => note(parts.first())).not.toBe("none");
    await page.keyboard.press("Escape");
    await expect.poll(() => note(parts.first())).toBe("none");
    await parts.last().hover();
    await expect.poll(() => note(parts.last())).not.toBe("none");
  });
});
