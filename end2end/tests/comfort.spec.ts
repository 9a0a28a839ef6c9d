// What makes the page easy on hands and eyes: targets large enough, and what visitors ask of their system.

import { expect, test } from "./pages/analyzer";

const TEXT = "The start was lovely. The middle was awful! The end was fine.";

test.describe("targets are at least 44 pixels wide and high", () => {
  // The page with all that it may have: models to choose among, and feedback.
  test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

  for (const [name, query] of [
    ["sentences", { text: TEXT }],
    ["words", { text: TEXT, show: "words" }],
    ["many texts", { tab: "many" }],
  ] as const) {
    test(name, async ({ analyzer, page }) => {
      await page.goto(`/?${new URLSearchParams(query)}`);
      await analyzer.hydrated();
      await page.locator("details").evaluateAll((panels) => panels.forEach((panel) => panel.setAttribute("open", "")));
      const targets = await page.locator("a, button, summary, select, input, textarea").evaluateAll((targets) =>
        targets
          // A box to tick is pressed by its label too.
          .map((target) => (target.matches("[type=checkbox]") ? target.closest("label")! : target))
          .filter((target) => target.checkVisibility({ visibilityProperty: true }))
          // A link within a sentence is as high as its line.
          .filter((target) => (target.closest("p") ?? target).textContent!.trim() === target.textContent!.trim())
          .map((target) => {
            const { width, height } = target.getBoundingClientRect();
            return { target: target.outerHTML.slice(0, 120), width, height };
          }),
      );
      expect(targets.length).toBeGreaterThan(8);
      // As little as browsers round by.
      expect(targets.filter(({ width, height }) => Math.min(width, height) < 43.9)).toEqual([]);
    });
  }
});

test("nothing moves for those who want less motion", async ({ analyzer, page }) => {
  const verdict = analyzer.answer.locator(".verdict");
  for (const [reducedMotion, animation] of [["no-preference", "appear"], ["reduce", "none"]] as const) {
    await page.emulateMedia({ reducedMotion });
    await analyzer.open("I love this");
    await expect(verdict).toHaveCSS("animation-name", animation);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing is pale for those who want more contrast, ${colorScheme}`, async ({ analyzer, page }) => {
    await page.emulateMedia({ colorScheme, contrast: "no-preference" });
    await analyzer.open("I love this");
    const ink = await page.evaluate(() => getComputedStyle(document.body).color);
    const [facts, box] = [analyzer.answer.locator(".verdict__facts"), analyzer.box];
    await expect(facts).not.toHaveCSS("color", ink);
    await expect(box).not.toHaveCSS("border-top-color", ink);
    await page.emulateMedia({ contrast: "more" });
    await expect(facts).toHaveCSS("color", ink);
    await expect(box).toHaveCSS("border-top-color", ink);
  });
}

test("a bar shows the whole that it is a part of where the system chooses the colours", async ({ analyzer, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await analyzer.open("I love this");
  // What is less likely fills next to nothing of its bar.
  const picture = await analyzer.bars.last().screenshot();
  const colours = await page.evaluate(async (bytes) => {
    const image = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(Math.floor(image.width / 2), 0, 1, image.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, [...picture]);
  expect(colours).toBeGreaterThan(1);
});

test("the header of many texts keeps its line where the system chooses the colours", async ({ analyzer, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/?tab=many");
  await analyzer.hydrated();
  await page.getByLabel(/Your texts/).fill("I love it\nI hate it");
  await page.getByRole("button", { name: "Analyze 2 texts" }).click();
  await expect(page.getByText("All 2 texts are done")).toBeVisible();
  const line = await page.locator(".rows th").first().evaluate((cell) => getComputedStyle(cell, "::after").borderBottomStyle);
  expect(line).toBe("solid");
});

test("name, content and foot of a page to read stand on one edge", async ({ page }) => {
  for (const width of [390, 1024, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    for (const address of ["/status", "/docs", "/code", "/model"]) {
      await page.goto(address);
      const areas = page.locator(".masthead, .prose, .about");
      await expect(areas).toHaveCount(3);
      const edges = await areas.evaluateAll((areas) => areas.map((area) => area.getBoundingClientRect().left));
      expect(new Set(edges).size, `${address} at ${width}: ${edges}`).toBe(1);
    }
  }
});

test.describe("on paper", () => {
  test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

  test("there is nothing to press", async ({ analyzer, page }) => {
    await analyzer.open(TEXT);
    await analyzer.hydrated();
    const pressed = page.locator(".form__buttons, .examples, .feedback, .share, .history");
    await expect(pressed).toHaveCount(5);
    for (const part of await pressed.all()) await expect(part).toBeVisible();
    await page.emulateMedia({ media: "print" });
    for (const part of await pressed.all()) await expect(part).toBeHidden();
    await expect(analyzer.best).toBeVisible();
  });
});

test.describe("with models to choose among", () => {
  test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

  test("the mark of the page that one is on stands on the line beneath the tabs", async ({ page }) => {
    for (const width of [640, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto("/");
      const parts = page.locator(".tabs, .tabs [aria-current]");
      await expect(parts).toHaveCount(2);
      const bottoms = await parts.evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().bottom));
      expect(Math.abs(bottoms[0] - bottoms[1]), `at ${width}: ${bottoms}`).toBeLessThan(1);
    }
  });
});
