// Nothing that a stranger chooses can become markup, and the page loads nothing of other hosts (see
// the fixture, which also fails where the security policy had to stop something).

import { PAYLOADS } from "../hostile";
import { expect, test } from "./pages/analyzer";
import { packed } from "./pages/texts";
import type { Page } from "@playwright/test";

/** Remembers that a payload has run, also where the page then gives itself another title. */
test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    const title = Object.getOwnPropertyDescriptor(Document.prototype, "title")!;
    Object.defineProperty(document, "title", {
      get: () => title.get!.call(document),
      set(value) {
        if (value === "hacked") (window as any).hacked = true;
        title.set!.call(document, value);
      },
    });
  }),
);

/** No payload has run, by the time that all is loaded, and none has become an element. */
async function expectHarmless(page: Page) {
  await page.waitForLoadState("networkidle");
  expect(await page.evaluate(() => (window as any).hacked)).toBeUndefined();
  await expect(page).not.toHaveTitle("hacked");
  await expect(page.locator("img[src=x], [onerror], iframe, a[href^='javascript:'], textarea + script")).toHaveCount(0);
}

for (const payload of PAYLOADS) {
  test.describe(JSON.stringify(payload), () => {
    test("stays a text", async ({ analyzer, page }) => {
      await analyzer.open(payload);
      await analyzer.hydrated();
      await expect(analyzer.box).toHaveValue(payload);
      await expect(page).toHaveTitle(/Valence/);
      expect(await page.locator("img:not(.share__code)").count()).toBe(0);

      await analyzer.box.fill(`${payload} good`);
      await expect(analyzer.bars).toHaveCount(2);
      await page.getByText(/^History/).click();
      await expect(page.locator(".history__entry").first()).toBeVisible();
      await expectHarmless(page);
    });

    test("stays a parameter", async ({ analyzer, page }) => {
      const settings = { tab: payload, show: payload, deep: payload, theme: payload };
      await page.goto(`/?${new URLSearchParams({ text: "Good.", ...settings })}`);
      await analyzer.hydrated();
      await expectHarmless(page);
      const noModel = await page.request.get(`/?${new URLSearchParams({ text: "Good.", model: payload })}`);
      expect(noModel.status()).toBe(404);
      expect(await noModel.text()).not.toContain(payload);
      for (const path of ["/code", "/embed"]) {
        await page.goto(`${path}?${new URLSearchParams({ text: payload, ...settings })}`);
        await expectHarmless(page);
      }
    });

    test("stays a text that a link holds compressed", async ({ analyzer, page }) => {
      const query = packed(payload);
      await page.goto(`/?${query}`);
      await analyzer.hydrated();
      await expect(analyzer.box).toHaveValue(payload);
      await expectHarmless(page);
      for (const path of ["/code", "/embed"]) {
        await page.goto(`${path}?${query}`);
        await expectHarmless(page);
      }
    });

    test("stays a picture's text", async ({ page }) => {
      const card = await page.request.get(`/og.png?${new URLSearchParams({ text: payload })}`);
      expect(card.headers()["content-type"]).toBe("image/png");
      await page.goto(`/qr.svg?${new URLSearchParams({ text: payload })}`);
      expect(await page.locator("script, image, foreignObject").count()).toBe(0);
    });

    test("stays a column's name and a cell", async ({ analyzer, page }) => {
      await page.goto("/?tab=many");
      await analyzer.hydrated();
      const quoted = `"${payload.replaceAll('"', '""')}"`;
      const buffer = Buffer.from(`${quoted},review\n${quoted},${quoted}\n${quoted},Lovely\n`);
      await page.locator("#file").setInputFiles({ name: `${payload.replaceAll("/", "")}.csv`, mimeType: "text/csv", buffer });
      await page.getByLabel("Text column").selectOption({ index: 0 });
      await page.getByRole("button", { name: "Analyze 2 texts" }).click();
      await expect(page.getByText("All 2 texts are done")).toBeVisible();
      await expect(page.getByLabel("Text column").locator("option").first()).toHaveText(payload);
      await expectHarmless(page);
    });
  });
}

test.describe("a foreign model", () => {
  test.use({ baseURL: process.env.VALENCE_WITH_HOSTILE_URL });

  test("has labels and a name that stay texts", async ({ analyzer, page }) => {
    await analyzer.open("I love this. I hate that.");
    await analyzer.hydrated();
    await expect(analyzer.bars).toHaveCount(2);
    await expect(analyzer.answer).toContainText("<img src=x onerror=");
    await analyzer.box.fill("Another text.");
    await page.getByRole("link", { name: "Words" }).click();
    await expect(analyzer.how).toBeVisible();
    await expectHarmless(page);
    for (const path of ["/embed?text=Good.", "/code?text=Good.", "/status", "/docs"]) {
      await page.goto(path);
      await expectHarmless(page);
    }
    expect((await page.request.get("/og.png?text=Good.")).headers()["content-type"]).toBe("image/png");
  });

  test("sums up many texts by labels that stay texts", async ({ analyzer, page }) => {
    await page.goto("/?tab=many");
    await analyzer.hydrated();
    await page.getByLabel(/^Your texts/).fill("Good.\nBad.");
    await page.getByRole("button", { name: "Analyze 2 texts" }).click();
    await expect(page.getByText("All 2 texts are done")).toBeVisible();
    await expectHarmless(page);
  });

  test("has a card without markup of its own", async ({ page }) => {
    await page.goto("/model");
    await expect(page.getByRole("main")).toContainText("A link");
    await expect(page).toHaveTitle("<img src=x onerror=document.title='hacked'> · Valence");
    await expectHarmless(page);
  });
});

test("the security policy refuses foreign scripts", async ({ analyzer }) => {
  const response = await analyzer.open("I love this");
  const policy = response!.headers()["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'nonce-[\w-]+' 'strict-dynamic' 'wasm-unsafe-eval'/);
  expect(policy).not.toContain("unsafe-inline");
});
