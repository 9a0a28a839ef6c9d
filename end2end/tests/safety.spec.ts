// A text can never become markup, and the page loads nothing of other hosts (see the fixture).

import { expect, test } from "./pages/analyzer";

const PAYLOADS = [
  "</textarea><script>document.title='hacked'</script>",
  "\"><img src=x onerror=\"document.title='hacked'\">",
  "<!--</script><script>document.title='hacked'</script>",
  "\u2028</script>\u2029{{7*7}}${7*7}",
];

for (const payload of PAYLOADS) {
  test(`${JSON.stringify(payload)} stays a text`, async ({ analyzer, page }) => {
    await analyzer.open(payload);
    await analyzer.hydrated();
    await expect(analyzer.box).toHaveValue(payload);
    await expect(page).toHaveTitle(/Valence/);
    expect(await page.locator("img:not(.share__code), textarea + script").count()).toBe(0);

    await analyzer.box.fill(`${payload} good`);
    await expect(analyzer.bars).toHaveCount(2);
    await expect(page).toHaveTitle(/Valence/);
  });
}

test("the security policy refuses foreign scripts", async ({ analyzer, page }) => {
  const response = await analyzer.open("I love this");
  const policy = response!.headers()["content-security-policy"];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'nonce-[\w-]+' 'strict-dynamic' 'wasm-unsafe-eval'/);
  expect(policy).not.toContain("unsafe-inline");
});
