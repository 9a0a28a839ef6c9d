// The code page: calls of this very server for the text, to copy, and they work.

import { execFileSync } from "node:child_process";
import { expect, test } from "./pages/analyzer";

const TEXT = `It's "so" good, $HOME and \\n are no trap: été 😀`;

test("the page links to the calls for its text", async ({ analyzer, page }) => {
  await analyzer.open();
  await analyzer.hydrated();
  await analyzer.box.fill("What a lovely surprise");
  await page.getByText("Share", { exact: true }).click();
  await analyzer.answer.getByRole("link", { name: "Use it from code" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(4);
  await expect(page.getByRole("main")).toContainText("What a lovely surprise");
});

test("every page leads to the ways in for programs", async ({ page }) => {
  for (const address of ["/", "/?tab=many", "/code", "/docs", "/model", "/status"]) {
    await page.goto(address);
    const endpoints = page.getByRole("navigation", { name: "For programs" });
    await expect(endpoints.getByRole("link", { name: "Use it from code" })).toHaveAttribute("href", "/code");
    await expect(endpoints.getByRole("link", { name: "API" })).toHaveAttribute("href", "/docs");
    expect(await endpoints.evaluate((endpoints) => endpoints.scrollWidth - endpoints.clientWidth)).toBeLessThanOrEqual(0);
  }
});

test("a call is copied, and the shell reads it as it is meant", async ({ baseURL, context, page }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`/code?${new URLSearchParams({ text: TEXT })}`);
  await page.getByRole("button", { name: "Copy the code for curl" }).click();
  await expect(page.getByRole("button", { name: "Copied the code for curl" })).toBeVisible();
  const call = await page.evaluate(() => navigator.clipboard.readText());
  // What curl would be given, whether or not this machine has it.
  const given = execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }\n${call}`], { encoding: "utf8" });
  const [url, , header, , body] = given.split("\0");
  expect(url).toBe(`${baseURL}/api/v1/analyze`);
  expect(JSON.parse(body)).toEqual({ text: TEXT });
  const [name, value] = header.split(": ");
  const answer = await page.request.post(url, { data: body, headers: { [name]: value } });
  expect(await answer.json()).toMatchObject({ model: "valence-mini" });
});

test("a call that cannot be copied is said not to be", async ({ page }) => {
  // As in a page over plain HTTP.
  await page.addInitScript(() => delete (Navigator.prototype as any).clipboard);
  await page.goto(`/code?${new URLSearchParams({ text: TEXT })}`);
  const button = page.locator(".call", { hasText: "curl" }).getByRole("button");
  await button.click();
  await expect(button).toContainText("Copying is not allowed here");
  await expect(button).toHaveAccessibleName("Copy the code for curl");
});

test("the JavaScript call runs in a page", async ({ page }) => {
  await page.goto(`/code?${new URLSearchParams({ text: TEXT })}`);
  const code = await page.locator(".call", { hasText: "JavaScript" }).locator("code").textContent();
  const call = code!.replace("console.log(await response.json())", "return await response.json()");
  const analysis = await page.evaluate(`(async () => { ${call} })()`);
  expect(analysis).toMatchObject({ model: "valence-mini" });
});

test.describe("of several models", () => {
  test.use({ baseURL: process.env.VALENCE_WITH_ALL_URL });

  test("the calls name the chosen one", async ({ page }) => {
    await page.goto("/code?text=Good.&model=tiny");
    await expect(page.locator(".call", { hasText: "curl" }).locator("code")).toContainText('"model": "tiny"');
    await expect(page.locator(".call", { hasText: "huggingface_hub" }).locator("code")).toContainText("/models/tiny");
    await expect(page.getByText("gradio_client")).toHaveCount(0);
  });
});
