// What a person sees when there is no answer.

import { expect, test } from "./pages/analyzer";

test("an empty form is told so in the page", async ({ analyzer }) => {
  const response = await analyzer.page.request.get("/?text=");
  expect(response.status()).toBe(400);
  expect(await response.text()).toContain("There is no text yet.");
});

test.describe("of requests that fail", () => {
  test.use({ expectsFailures: true });

  test("a text that is too long is explained", async ({ analyzer }) => {
    await analyzer.open();
    await analyzer.hydrated();
    await analyzer.box.fill("and then we waited again ".repeat(2000));
    await expect(analyzer.notice).toContainText(/too long: 10002 tokens; the limit is 8192/);
  });

  test("a text that is too large is refused without being sent", async ({ analyzer, page }) => {
    await analyzer.open();
    await analyzer.hydrated();
    let sent = 0;
    page.on("request", (request) => (sent += Number(request.method() === "POST")));
    await analyzer.box.fill("a".repeat(100_001));
    await expect(analyzer.notice).toContainText("too large: 100001 bytes; the limit is 100000");
    expect(sent).toBe(0);
  });

  test("a busy server is reported and the next try succeeds", async ({ analyzer, page }) => {
    await analyzer.open();
    await analyzer.hydrated();
    await page.route("**/page/analyze", (route) => route.fulfill({ status: 429, json: "Busy" }), { times: 1 });
    await analyzer.box.fill("good");
    await expect(analyzer.notice).toHaveText("The server is busy. Try again in a moment.");
    await analyzer.button.click();
    await expect(analyzer.best).toContainText("Positive");
  });

  test("an equal error is told again", async ({ analyzer, page }) => {
    const sentence = "The server is busy. Try again in a moment.";
    await analyzer.open();
    await analyzer.hydrated();
    await page.route("**/page/analyze", (route) => route.fulfill({ status: 429, json: "Busy" }));
    await analyzer.box.fill("good");
    await expect(analyzer.notice).toHaveText(sentence);
    await analyzer.notice.evaluate((notice) => {
      const told: (string | null)[] = [];
      Object.assign(window, { told });
      const changes = { characterData: true, childList: true, subtree: true };
      new MutationObserver(() => told.push(notice.textContent)).observe(notice, changes);
    });
    await analyzer.button.click();
    await expect.poll(() => page.evaluate(() => (window as any).told)).toEqual(["", sentence]);
  });

  test("a server out of reach is reported", async ({ analyzer, page }) => {
    await analyzer.open();
    await analyzer.hydrated();
    await page.route("**/page/analyze", (route) => route.abort());
    await analyzer.box.fill("good");
    await expect(analyzer.notice).toContainText("cannot be reached");
  });

  for (const part of ["js", "wasm"]) {
    test(`many texts say so where their program does not start, without its ${part}`, async ({ context }) => {
      await context.route(`**/pkg/*.${part}`, (route) => route.abort());
      // Beside the page of the fixture, which takes its error for a complaint.
      const page = await context.newPage();
      await page.goto("/?tab=many");
      const said = page.getByText(/^This page's script did not start\./);
      await expect(said).toBeVisible();
      await said.getByRole("link", { name: "from a program" }).click();
      await expect(page).toHaveURL(/\/docs$/);
    });
  }

  test("many texts say nothing of their program where it starts", async ({ analyzer, page }) => {
    await page.goto("/?tab=many");
    await analyzer.hydrated();
    const notice = page.locator(".unstarted");
    await expect(notice).toBeAttached();
    await expect(notice).toBeHidden();
  });

  test("an unknown address has a way back", async ({ analyzer, page }) => {
    const response = await page.goto("/nowhere");
    expect(response?.status()).toBe(404);
    await page.getByRole("link", { name: "Analyze a text" }).click();
    await expect(analyzer.box).toBeVisible();
  });
});
