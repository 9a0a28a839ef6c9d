// Lighthouse on the release build, with its mobile preset: prints the scores, LCP and bytes, keeps
// them in target/lighthouse.json, and fails where a score is below what the page promises.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const LEAST = { performance: 98, accessibility: 100, "best-practices": 100, seo: 100 };
const PAGES = { one: "/", many: "/?tab=many" };

const server = spawn("../../target/release/valence", ["serve", "--host", "127.0.0.1", "--port", "0"], {
  env: { ...process.env, RUST_LOG: "warn" },
  stdio: ["ignore", "pipe", "inherit"],
});
const [line] = await once(createInterface(server.stdout), "line");
const origin = line.match(/http:\S+/)[0];
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless", "--no-sandbox", "--disable-background-networking", "--disable-component-update"],
});

const found = {};
let isGood = true;
try {
  for (const [name, path] of Object.entries(PAGES)) {
    const { lhr } = await lighthouse(origin + path, { port: chrome.port, logLevel: "error", onlyCategories: Object.keys(LEAST) });
    const scores = Object.fromEntries(Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)]));
    const lcp = Math.round(lhr.audits["largest-contentful-paint"].numericValue);
    const bytes = lhr.audits["total-byte-weight"].numericValue;
    found[name] = { scores, lcp, bytes };
    console.log(name, JSON.stringify(found[name]));
    for (const [id, least] of Object.entries(LEAST)) {
      if (scores[id] >= least) continue;
      isGood = false;
      const lost = lhr.categories[id].auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score < 1);
      console.log(`  ${id} ${scores[id]} < ${least}:`, lost.map(({ id }) => `${id} (${lhr.audits[id].displayValue ?? lhr.audits[id].title})`).join(", "));
    }
  }
} finally {
  await chrome.kill();
  server.kill("SIGTERM");
}
await mkdir("../../target", { recursive: true });
await writeFile("../../target/lighthouse.json", JSON.stringify(found, null, 2));
process.exitCode = isGood ? 0 : 1;
