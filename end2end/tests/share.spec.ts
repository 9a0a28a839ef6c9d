// A result has a link that restores it, and other ways to hand it on.

import type { Page } from "@playwright/test";

import { expect, test } from "./pages/analyzer";
import { shuffled } from "./pages/texts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("the link restores text and view", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("One is fine. Two is better.");
  await expect(analyzer.best).toBeVisible();
  await analyzer.reading.getByRole("link", { name: "Words" }).click();
  await expect(page).toHaveURL(/show=words/);
  await page.getByText("Share", { exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());

  await page.goto(link);
  await expect(analyzer.box).toHaveValue("One is fine. Two is better.");
  await expect(analyzer.reading.getByRole("link", { name: "Words" })).toHaveAttribute("aria-current", "true");
});

test("a lens leads, as a link, to what it shows when it is pressed", async ({ analyzer, page }) => {
  await page.goto("/?text=One+is+fine.+Two+is+better.&show=words&deep=1");
  await analyzer.hydrated();
  for (const [name, address] of [
    ["Sentences", "?text=One+is+fine.+Two+is+better.&show=sentences&deep=1"],
    ["Words", "?text=One+is+fine.+Two+is+better.&show=words&deep=1"],
  ]) {
    const lens = analyzer.reading.getByRole("link", { name });
    await expect(lens).toHaveAttribute("href", address);
    await lens.click();
    await expect(page).toHaveURL((url) => url.search === address);
    await expect(lens).toHaveAttribute("href", address);
  }
});

test("a link that cannot be copied is said not to be", async ({ analyzer, page }) => {
  // As in a page over plain HTTP.
  await page.addInitScript(() => delete (Navigator.prototype as any).clipboard);
  await analyzer.open("I love this");
  await analyzer.hydrated();
  await page.getByText("Share", { exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Copying is not allowed here" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy link" })).toBeVisible();
});

test("a long text is packed into its link", async ({ analyzer, page }) => {
  const text = Array.from({ length: 90 }, (_, n) => `On day ${n} the süd wing was ${n % 3 ? "quiet" : "loud"}.`).join(" ");
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill(text);
  await expect(analyzer.best).toBeVisible();
  await expect(page).toHaveURL(/\?z=[\w-]+$/);
  await page.reload();
  await expect(analyzer.box).toHaveValue(text);
  await expect(analyzer.best).toBeVisible();
});

test("a text too long for a link is told so", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  const told = page.getByText("This text is too long for a link.");
  await expect(told).toHaveCount(0);
  await analyzer.box.fill(shuffled(11_000));
  await expect(told).toBeVisible();
  await expect(told).toHaveAttribute("aria-live", "polite");
  await expect(analyzer.best).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Share", { exact: true })).toBeHidden();
  expect(new URL(page.url()).search).toBe("");

  await analyzer.box.fill("This is wonderful, thank you!");
  await expect(told).toHaveCount(0);
  await expect(page.getByText("Share", { exact: true })).toBeVisible();
});

test.describe("with a share sheet", () => {
  /** Its stand-in, which keeps what it is given and, where it has a `refusal`, refuses it. */
  const standIn = (page: Page, mayShare: boolean) =>
    page.addInitScript((mayShare) => {
      const sheet = { shared: [] as unknown[], refusal: undefined };
      Object.assign(window, { sheet });
      Object.assign(Navigator.prototype, {
        canShare: ({ url }: ShareData) => mayShare && !!url,
        share: async ({ url }: ShareData) => {
          sheet.shared.push(url);
          if (sheet.refusal) throw new DOMException("", sheet.refusal);
        },
      });
    }, mayShare);

  test("it gets the link, and a refusal is told", async ({ analyzer, page }) => {
    await standIn(page, true);
    await analyzer.open("I love this");
    await analyzer.hydrated();
    await page.getByText("Share", { exact: true }).click();
    const button = page.getByRole("button", { name: "Share…" });
    const refused = page.getByRole("button", { name: "Sharing is not allowed here" });
    for (const refusal of [undefined, "AbortError"]) {
      await page.evaluate((refusal) => Object.assign((window as any).sheet, { shared: [], refusal }), refusal);
      await button.click();
      await expect.poll(() => page.evaluate(() => (window as any).sheet.shared)).toEqual([page.url()]);
      await expect(refused).toHaveCount(0);
    }
    await page.evaluate(() => Object.assign((window as any).sheet, { refusal: "NotAllowedError" }));
    await button.click();
    await expect(refused).toBeVisible();
    await expect(button).toBeVisible();
  });

  test("there is no button where it takes nothing", async ({ analyzer, page }) => {
    // As in a frame that may not share.
    await standIn(page, false);
    await analyzer.open("I love this");
    await analyzer.hydrated();
    await page.getByText("Share", { exact: true }).click();
    await expect(page.getByRole("button", { name: "Copy link" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Share…" })).toHaveCount(0);
  });
});

test("a link too long for a QR code is told so", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill(shuffled(5000));
  await expect(analyzer.best).toBeVisible({ timeout: 20_000 });
  await expect(page).toHaveURL(/\?z=[\w-]{2954,}$/);
  await page.getByText("Share", { exact: true }).click();
  await expect(page.getByText("This link is too long for a QR code.")).toBeVisible();
  await expect(page.getByRole("img", { name: "QR code of the link" })).toHaveCount(0);
});

test("QR code and embed code lead to the same answer", async ({ analyzer, page }) => {
  await analyzer.open("I love this");
  await analyzer.hydrated();
  await page.getByText("Share", { exact: true }).click();
  const code = page.getByRole("img", { name: "QR code of the link" });
  await expect(code).toBeVisible();
  expect(await code.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBeGreaterThan(0);

  const frame = await page.getByLabel("Code to embed it in a page").inputValue();
  const address = frame.match(/src="([^"]+)"/)![1].replaceAll("&amp;", "&");
  await page.goto(address);
  await expect(page.getByText("I love this")).toBeVisible();
  await expect(page.locator(".verdict__best")).toContainText("Positive");
  expect(await page.locator("script").count()).toBe(0);
});

test("the code to embed makes a frame that holds the verdict on a long text, and no wider than a phone", async ({ analyzer, page }) => {
  await analyzer.open("We loved every evening here. ".repeat(12).trim());
  await analyzer.hydrated();
  await page.getByText("Share", { exact: true }).click();
  const frame = await page.getByLabel("Code to embed it in a page").inputValue();
  expect(frame).toContain('style="max-width:100%"');
  const [width, height] = ["width", "height"].map((side) => Number(frame.match(new RegExp(` ${side}="(\\d+)"`))![1]));
  await page.setViewportSize({ width, height });
  await page.goto(frame.match(/src="([^"]+)"/)![1].replaceAll("&amp;", "&"));
  await expect(page.getByRole("meter")).toHaveCount(2);
  const below = () => page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
  expect(await below()).toBeLessThanOrEqual(0);
  await expect(page.getByRole("link", { name: "Open in Valence" })).toBeInViewport({ ratio: 1 });
});

test.describe("the page of a Space", () => {
  // The page posts to Hugging Face's origin only, which a browser reports to no other parent; so
  // the call itself is looked at.
  test.beforeEach(({ page }) =>
    page.addInitScript(() => {
      const told: unknown[] = [];
      Object.assign(window, { told });
      Object.defineProperty(window, "parent", {
        value: { postMessage: (message: unknown, origin: string) => told.push([message, origin]) },
      });
    }),
  );

  /** Waits until the outer page has been told of this query last. */
  const expectTold = (page: Page, queryString: string) =>
    expect
      .poll(() => page.evaluate(() => (window as unknown as { told: unknown[] }).told.at(-1)))
      .toEqual([{ queryString, hash: "" }, "https://huggingface.co"]);

  test("follows the text", async ({ analyzer, page }) => {
    await page.goto("/?__sign=secret&text=A+bad+day");
    await expectTold(page, "text=A+bad+day");
    await analyzer.hydrated();
    await analyzer.box.fill("A good day");
    await expectTold(page, "text=A+good+day");
    await expect(page).toHaveURL(/\/\?text=A\+good\+day$/);
  });

  test("follows the tabs", async ({ analyzer, page }) => {
    await analyzer.open();
    await page.getByRole("link", { name: "Many texts" }).click();
    await expect(page).toHaveURL("/?tab=many");
    await expectTold(page, "tab=many");
    await page.getByRole("link", { name: "Valence", exact: true }).click();
    await expect(page).toHaveURL("/");
    await expectTold(page, "");
  });

  test.describe("with two models", () => {
    test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

    test("follows the model chosen for many texts", async ({ analyzer, page }) => {
      await page.goto("/?tab=many");
      await analyzer.hydrated();
      await page.getByLabel("Model", { exact: true }).selectOption("tiny");
      await expectTold(page, "model=tiny&tab=many");
    });
  });
});
