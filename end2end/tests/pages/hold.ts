// Requests that a test holds back for a while.

import type { Page } from "@playwright/test";

/** Holds requests to `url` back until the function that it returns is called. */
export async function hold(page: Page, url: string) {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(url, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}
