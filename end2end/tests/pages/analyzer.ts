// The analyzer's page as its user sees it: the box, the button, the answer.
// Every test that uses it fails when the page logs an error, breaks its own security policy or
// asks another host for anything. Only that a request failed is no complaint where a test makes it fail.

import { test as base, expect, type Locator, type Page } from "@playwright/test";

export class Analyzer {
  readonly box: Locator;
  readonly button: Locator;
  readonly answer: Locator;
  readonly best: Locator;
  readonly bars: Locator;
  readonly notice: Locator;
  readonly reading: Locator;
  /** How the words were weighed, which is said once they are. */
  readonly how: Locator;

  constructor(readonly page: Page) {
    this.box = page.getByRole("textbox", { name: "Your text" });
    this.button = page.getByRole("button", { name: "Analyze", exact: true });
    this.answer = page.getByRole("region", { name: "Answer" });
    this.best = this.answer.locator(".verdict__best");
    this.bars = this.answer.getByRole("meter");
    this.reading = page.getByRole("region", { name: "Your text, looked into" });
    this.how = this.reading.getByText(/ runs? of the model/);
    this.notice = this.answer.getByRole("alert");
  }

  async open(text?: string) {
    return this.page.goto(text === undefined ? "/" : `/?${new URLSearchParams({ text })}`);
  }

  /** Waits until the page answers without reloading. */
  async hydrated() {
    await expect(this.page.locator("html")).toHaveAttribute("data-hydrated", "");
  }

  /** How far the page scrolls sideways, in pixels. */
  async overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
}

export const test = base.extend<{ analyzer: Analyzer; expectsFailures: boolean; complaints: string[] }>({
  expectsFailures: [false, { option: true }],
  complaints: [
    async ({ page, baseURL, expectsFailures }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        // Without scripts nothing uses the wasm that the page preloads, and Chromium says so.
        if (message.text().includes("was preloaded using link preload")) return;
        // Chromium writes every request that fails to the console.
        if (expectsFailures && message.text().startsWith("Failed to load resource:")) return;
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => {
        if (!request.url().startsWith(baseURL!) && !request.url().startsWith("data:")) {
          complaints.push(`a request to ${request.url()}`);
        }
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  analyzer: async ({ page }, use) => use(new Analyzer(page)),
});

export { expect };
