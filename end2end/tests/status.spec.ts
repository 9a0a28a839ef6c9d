// The status page refreshes its numbers, and leaves the rest of the page alone.

import { expect, test } from "./pages/analyzer";

test("the keyboard's focus outlasts a refresh of the numbers", async ({ page }) => {
  await page.clock.install();
  await page.goto("/status");
  const link = page.getByRole("link", { name: "/metrics" });
  await link.focus();
  const before = await page.locator(".status__state").elementHandle();
  await page.clock.fastForward(5000);
  await expect.poll(() => before?.evaluate((state) => state.isConnected)).toBe(false);
  await expect(link).toBeFocused();
});
