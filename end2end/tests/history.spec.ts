// The last analyses, in this browser only.

import { Analyzer, expect, test } from "./pages/analyzer";

/** How long typing pauses before its text is asked, and how long that stays to be kept, in milliseconds. */
const [PAUSE, SETTLED] = [150, 1500];

/** Types a text, and lets pass, once its answer is there, what it has to stay to be kept. */
async function settle({ answer, box, page }: Analyzer, text: string) {
  await box.fill(text);
  await page.clock.fastForward(PAUSE);
  await expect(answer).toHaveAttribute("aria-busy", "false");
  await page.clock.fastForward(SETTLED);
}

test.describe("history", () => {
  test.beforeEach(async ({ analyzer, page }) => {
    await page.clock.install();
    await analyzer.open();
    await analyzer.hydrated();
    await page.getByText(/^History/).click();
    for (const [number, text] of ["A wonderful start", "A dreadful end"].entries()) {
      await settle(analyzer, text);
      // At once, so the page waits no longer than the tests of what is not kept do.
      expect(await page.getByText(`History (${number + 1})`).isVisible()).toBe(true);
    }
  });

  test("keeps what stayed, finds it, and goes back to it", async ({ analyzer, page }) => {
    const entries = page.locator(".history__entry");
    await expect(entries.first()).toContainText(/A dreadful end.*Negative/);
    await expect(page.getByLabel("Search")).toHaveAttribute("dir", "auto");
    await page.getByLabel("Search").fill("WONDERFUL");
    await expect(entries).toHaveCount(1);
    await expect(page.getByRole("status").filter({ hasText: /^1 found$/ })).toBeVisible();
    await page.getByLabel("Search").fill("nowhere");
    await expect(page.getByRole("status").filter({ hasText: /^0 found$/ })).toBeVisible();
    await page.getByLabel("Search").fill("WONDERFUL");
    await entries.first().click();
    await expect(analyzer.box).toHaveValue("A wonderful start");
    await expect(analyzer.best).toContainText("Positive");

    await page.reload();
    await analyzer.hydrated();
    await expect(page.getByText("History (2)")).toBeVisible();
  });

  test("an entry that is gone back to keeps its place and the focus", async ({ analyzer, page }) => {
    const start = page.locator(".history__entry").last();
    await start.focus();
    await page.keyboard.press("Enter");
    await expect(analyzer.box).toHaveValue("A wonderful start");
    await expect(analyzer.best).toContainText("Positive");
    await expect(analyzer.answer).toHaveAttribute("aria-busy", "false");
    await page.clock.fastForward(SETTLED);
    await expect(start).toContainText("A wonderful start");
    await expect(start).toBeFocused();
    // Asked from elsewhere, it is the first.
    await analyzer.button.click();
    await expect(page.locator(".history__entry").first()).toContainText("A wonderful start");
  });

  test.describe("on a phone", () => {
    test.use({ viewport: { width: 390, height: 844 } });

    test("brings the verdict of an entry into sight", async ({ analyzer, page }) => {
      await page.locator(".history__entry", { hasText: "A wonderful start" }).click();
      await expect(analyzer.best).toContainText("Positive");
      await expect(analyzer.best).toBeInViewport();
    });
  });

  test("can be cleared and switched off", async ({ analyzer, page }) => {
    const clear = page.getByRole("button", { name: "Clear history" });
    await clear.click();
    await expect(page.getByText("History (0)")).toBeVisible();
    await expect(clear).toBeDisabled();
    await expect(clear).toBeFocused();
    await page.getByLabel("Keep a history").uncheck();
    await settle(analyzer, "Not to be kept");
    await expect(page.getByText("History (0)")).toBeVisible();
    await page.reload();
    await analyzer.hydrated();
    await page.getByText(/^History/).click();
    await expect(page.getByLabel("Keep a history")).not.toBeChecked();
  });

  for (const entries of [2, 0]) {
    test(`stays switched off where the browser has no room to keep that, beside ${entries} entries`, async ({ analyzer, page }) => {
      if (entries === 0) await page.getByRole("button", { name: "Clear history" }).click();
      await expect(page.getByText(`History (${entries})`)).toBeVisible();
      // Other pages of this origin may have taken all of it.
      await page.evaluate(() => {
        for (let [number, value] = [0, "x".repeat(1_000_000)]; value; number++) {
          try {
            localStorage.setItem(`other${number}`, value);
          } catch {
            value = value.slice(0, value.length / 2);
          }
        }
      });
      await page.getByLabel("Keep a history").uncheck();
      await settle(analyzer, "A private matter");
      await expect(page.getByLabel("Keep a history")).not.toBeChecked();
      await expect(page.locator(".history")).not.toContainText("A private matter");
      expect(await page.evaluate(() => localStorage.getItem("valence.history"))).not.toContain("private");
      if (entries === 0) return;
      // An entry has made room.
      await expect(page.getByText("History (1)")).toBeVisible();
      await page.reload();
      await analyzer.hydrated();
      await page.getByText("History (1)").click();
      await expect(page.getByLabel("Keep a history")).not.toBeChecked();
    });
  }

  test("sends no entry anywhere", async ({ analyzer, page }) => {
    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    // The address holds the second text, and nothing but the history the first.
    await page.reload();
    await analyzer.hydrated();
    await page.getByText("History (2)").click();
    await page.getByLabel("Search").fill("start");
    await expect(page.locator(".history__entry")).toContainText("A wonderful start");
    await settle(analyzer, "A quiet afternoon");
    await expect(page.getByText("History (3)")).toBeVisible();
    await page.getByRole("button", { name: "Clear history" }).click();
    await expect(page.getByText("History (0)")).toBeVisible();
    expect(sent.join("\n")).toContain("quiet");
    expect(sent.filter((request) => request.includes("wonderful"))).toEqual([]);
  });

  test("says that it keeps no text above 20 KB, and keeps none", async ({ analyzer, page }) => {
    await expect(page.locator(".history")).toContainText("Texts above 20 KB are not kept.");
    await settle(analyzer, `A wonderful ${"a".repeat(20_000)}`);
    await expect(analyzer.notice).toHaveCount(0);
    await expect(page.getByText("History (2)")).toBeVisible();
  });

  test("is one for all tabs", async ({ analyzer, context, page }) => {
    const other = new Analyzer(await context.newPage());
    await other.open();
    await other.hydrated();
    await other.page.getByText("History (2)").click();
    await settle(other, "A quiet afternoon");
    await expect(other.page.getByText("History (3)")).toBeVisible();
    await expect(page.getByText("History (3)")).toBeVisible();
    await settle(analyzer, "A loud morning");
    await expect(other.page.locator(".history__entry")).toHaveCount(4);

    await page.getByRole("button", { name: "Clear history" }).click();
    await page.getByLabel("Keep a history").uncheck();
    await expect(other.page.getByLabel("Keep a history")).not.toBeChecked();
    await settle(other, "Not to be kept");
    await expect(other.page.getByText("History (0)")).toBeVisible();
  });

  test.describe("of a text without an answer", () => {
    test.use({ expectsFailures: true });

    test("keeps nothing", async ({ analyzer, page }) => {
      let giveUp = () => {};
      const held = new Promise<void>((resolve) => (giveUp = resolve));
      await page.route("**/page/analyze", async (route) => {
        await held;
        await route.abort();
      });
      await analyzer.box.fill("Nobody answers this");
      await expect(analyzer.answer).toHaveAttribute("aria-busy", "true");
      await page.clock.fastForward(SETTLED);
      giveUp();
      await expect(analyzer.notice).toContainText("cannot be reached");
      await page.clock.fastForward(SETTLED);
      await expect(page.locator(".history__entry")).toHaveCount(2);
      await expect(page.locator(".history")).not.toContainText("Nobody answers this");
    });
  });
});
