// Looking deeper, the way to weigh words that takes longer: how far it is, and for which text.

import { expect, test } from "./pages/analyzer";

const LONG =
  "The first evening was magical. The room looked onto the harbour. Then the drilling began and nobody cared. " +
  "We hardly slept. On the last day everything was lovely again.";

test("looking deeper keeps the focus, and is heard", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("The food was terrible but the view was pleasant");
  const deeper = analyzer.reading.locator(".more");
  await expect(analyzer.reading).toContainText(/left out in turn/);
  await deeper.focus();
  await page.keyboard.press("Enter");
  await expect(deeper).toHaveText("Back to the quick way");
  await expect(deeper).toBeFocused();
  await expect(analyzer.reading).toContainText(/Shapley values/);
  await expect(deeper).toBeFocused();
  await expect(page.getByRole("status").filter({ hasText: "Words weighed" })).toHaveCount(1);
});

test("a deep look shows how far it is", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill(LONG);
  await expect(analyzer.best).toBeVisible();
  await analyzer.reading.getByRole("link", { name: "Words" }).click();
  await expect(analyzer.reading).toContainText(/left out in turn/);
  const values: number[] = [];
  await page.exposeFunction("heard", (value: number) => values.push(value));
  await page.evaluate(() => {
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLProgressElement>("#weighing");
      if (bar && bar.position > 0) (window as unknown as { heard(n: number): void }).heard(bar.position);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await analyzer.reading.getByRole("link", { name: /Look deeper/ }).click();
  await expect(analyzer.reading).toContainText(/Shapley values/, { timeout: 30_000 });
  expect(values.length).toBeGreaterThan(1);
});

test("another text is weighed the quick way, and the same one again the deeper", async ({ analyzer, page }) => {
  await page.goto("/?text=The+food+was+terrible&show=words&deep=1");
  await analyzer.hydrated();
  const method = async (act: () => Promise<void>) => {
    const asked = page.waitForRequest((request) => request.url().endsWith("/page/explain"));
    await act();
    return (await asked).postDataJSON().method;
  };
  expect(await method(() => analyzer.button.click())).toBe("shapley");
  await expect(page).toHaveURL(/deep=1/);
  expect(await method(() => analyzer.box.fill("The view was pleasant"))).toBe("leave_one_out");
  await expect(page).not.toHaveURL(/deep=1/);
});
