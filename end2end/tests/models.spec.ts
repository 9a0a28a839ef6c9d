// Several models: one of them is chosen, and links keep the choice.

import { expect, test } from "./pages/analyzer";

test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

const TEXT = "The soup was cold, the welcome was warm.";

test("the chosen model answers the same text at once, and its link too", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const facts = analyzer.answer.locator(".verdict__facts");
  await expect(facts).toContainText("valence-mini");

  await page.getByLabel("Model", { exact: true }).selectOption("tiny");
  await expect(facts).toContainText("tiny");
  await expect(page).toHaveURL(/[?&]model=tiny\b/);
  await expect(analyzer.box).toHaveValue(TEXT);

  await page.reload();
  await expect(facts).toContainText("tiny");
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("tiny");

  await analyzer.hydrated();
  await page.getByLabel("Model", { exact: true }).selectOption("valence-mini");
  await expect(facts).toContainText("valence-mini");
  await expect(page).not.toHaveURL(/model=/);
});

test("words are weighed by the chosen model", async ({ analyzer, page }) => {
  await analyzer.open(TEXT);
  await analyzer.hydrated();
  const asked = page.waitForRequest((request) => request.url().endsWith("/page/explain"));
  await page.getByLabel("Model", { exact: true }).selectOption("tiny");
  await page.getByRole("link", { name: "Words" }).click();
  expect((await asked).postDataJSON()).toMatchObject({ text: TEXT, model: "tiny" });
  await expect(analyzer.how).toBeVisible();
});

test("many texts go to the chosen model", async ({ analyzer, page }) => {
  await page.goto("/?tab=many");
  await analyzer.hydrated();
  await page.getByLabel("Model", { exact: true }).selectOption("tiny");
  await page.getByLabel(/^Your texts/).fill("Good.\nBad.");
  const asked = page.waitForRequest((request) => request.url().endsWith("/page/texts"));
  await page.getByRole("button", { name: "Analyze" }).click();
  expect((await asked).postDataJSON()).toEqual({ texts: ["Good.", "Bad."], model: "tiny" });
  await expect(page.getByText("All 2 texts are done")).toBeVisible();
});

test("the address keeps a model that was chosen before there is a text", async ({ analyzer, page }) => {
  const model = page.getByLabel("Model", { exact: true });
  for (const [address, chosen] of [["/?tab=many", "/?model=tiny&tab=many"], ["/", "/?model=tiny"]]) {
    await page.goto(address);
    await analyzer.hydrated();
    await model.selectOption("tiny");
    await expect(page).toHaveURL(chosen);
    // There is nothing to clear but on the page for one text.
    for (const clear of await page.getByRole("button", { name: "Clear", exact: true }).all()) await clear.click();
    await page.reload();
    await expect(model).toHaveValue("tiny");
    await model.selectOption("valence-mini");
    await expect(page).toHaveURL(address);
  }
});

test("the language that the chosen model reads is said on both pages", async ({ page }) => {
  const said = page.getByText("This model reads English.");
  for (const address of ["/", "/?tab=many"]) {
    await page.goto(address);
    await expect(said).toBeVisible();
    // Its card is missing.
    await page.getByLabel("Model", { exact: true }).selectOption("tiny");
    await expect(said).toBeHidden();
    await page.getByLabel("Model", { exact: true }).selectOption("valence-mini");
    await expect(said).toBeVisible();
  }
});

test("the tabs keep the chosen model", async ({ analyzer, page }) => {
  const model = page.getByLabel("Model", { exact: true });
  await analyzer.open();
  await model.selectOption("tiny");
  await page.getByRole("link", { name: "Many texts" }).click();
  await expect(page).toHaveURL(/\/\?model=tiny&tab=many$/);
  await expect(model).toHaveValue("tiny");
  await model.selectOption("valence-mini");
  await page.getByRole("link", { name: "One text" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(model).toHaveValue("valence-mini");
});

test("a model that is not loaded is said not to be", async ({ page }) => {
  const response = await page.request.get("/?text=Good.&model=none");
  expect(response.status()).toBe(404);
  expect(await response.text()).toContain("This model is not loaded on this server.");
});

test.describe("of an address that leads to an error", () => {
  test.use({ expectsFailures: true });

  test("a model that is not loaded is gone with the next answer", async ({ analyzer, page }) => {
    await page.goto("/?text=Good&model=none");
    await analyzer.hydrated();
    await expect(analyzer.notice).toContainText("not loaded");
    await analyzer.button.click();
    await expect(analyzer.best).toBeVisible();
    await expect(page).toHaveURL("/?text=Good");
    await expect(page.locator("#link")).toHaveValue(page.url());
  });

  test("a damaged text is gone once it is cleared", async ({ analyzer, page }) => {
    await page.goto("/?z=abc");
    await analyzer.hydrated();
    await expect(analyzer.notice).toContainText("This link is damaged");
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await expect(page).toHaveURL("/");
  });
});

test("each model has its summary and its card", async ({ analyzer, page }) => {
  await analyzer.open();
  await expect(page.getByText("About tiny")).toBeVisible();
  const about = page.getByRole("contentinfo").locator("details", { hasText: "About valence-mini" });
  await about.locator("summary").click();
  await expect(about).toContainText(/Runs as\s*int8 on CPU/);
  await about.getByRole("link", { name: "The model's card" }).click();
  await expect(page).toHaveURL(/\/model\?model=valence-mini$/);
  await expect(page.getByRole("main")).toContainText("SST-2");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the form sends the chosen model, and links keep it", async ({ analyzer, page }) => {
    await analyzer.open();
    await analyzer.box.fill(TEXT);
    await page.getByLabel("Model", { exact: true }).selectOption("tiny");
    await analyzer.button.click();
    await expect(analyzer.answer.locator(".verdict__facts")).toContainText("tiny");
    await page.getByRole("link", { name: "Words" }).click();
    await expect(page).toHaveURL(/[?&]model=tiny\b/);
    await expect(analyzer.answer.locator(".verdict__facts")).toContainText("tiny");
    await page.getByRole("link", { name: "Many texts" }).click();
    await expect(page.getByLabel("Model", { exact: true })).toHaveValue("tiny");
  });

  test("the chosen model answers an example", async ({ analyzer, page }) => {
    await page.goto("/?model=tiny");
    await page.getByRole("button", { name: "Two hours on hold" }).click();
    await expect(page).toHaveURL(/[?&]model=tiny\b/);
    await expect(analyzer.answer.locator(".verdict__facts")).toContainText("tiny");
  });

  test.describe("after a refusal", () => {
    test.use({ expectsFailures: true });

    test("a model that is not loaded is not asked again", async ({ analyzer, page }) => {
      await page.goto("/?text=Good.&model=none");
      await expect(analyzer.notice).toContainText("not loaded");
      await page.getByRole("button", { name: "Two hours on hold" }).click();
      await expect(page).not.toHaveURL(/model=none/);
      await expect(analyzer.answer.locator(".verdict__facts")).toContainText("valence-mini");
    });
  });
});

test.describe("with one model", () => {
  test.use({ baseURL: process.env.VALENCE_URL });

  test("there is nothing to choose", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByLabel("Model", { exact: true })).toHaveCount(0);
  });
});
