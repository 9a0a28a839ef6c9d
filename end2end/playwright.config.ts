// Runs the release build on a free port and visits it with the machine's own Chromium, at phone
// and at desk width.

import { defineConfig } from "@playwright/test";
import { hostileModel } from "./hostile";

/** A server on a free port, whose address goes into the environment. */
const server = (settings: string, stdout: RegExp) => ({
  command: `../target/release/valence serve --host 127.0.0.1 --port 0 ${settings}`,
  wait: { stdout },
  // Without the cache, so that pictures show the time that an answer takes.
  env: { RUST_LOG: "warn", VALENCE_CACHE_MB: "0" },
  gracefulShutdown: { signal: "SIGTERM" as const, timeout: 5000 },
});

export default defineConfig({
  testDir: "tests",
  outputDir: "../target/end2end",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  // A busy machine may be late once; what fails three times is broken. The report names what was late.
  retries: process.env.CI ? 2 : 0,
  reporter: [["list"]],
  webServer: [
    server("", /listens on (?<valence_url>http:\S+)/),
    server(
      "--model ../models/valence-mini --model ../tests/golden/tiny --feedback ../target/feedback.jsonl",
      /listens on (?<valence_with_all_url>http:\S+)/,
    ),
    server(`--model "${hostileModel("../target/hostile")}"`, /listens on (?<valence_with_hostile_url>http:\S+)/),
  ],
  use: {
    baseURL: process.env.VALENCE_URL,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
    },
  },
  projects: [
    { name: "desk", use: { viewport: { width: 1280, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
  ],
});
