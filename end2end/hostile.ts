// A model by somebody who means harm: its name, its labels and its card are markup. Playwright's
// settings lay it out before they start a server with it.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** Markup that would give the page another title if any of it became elements. */
export const PAYLOADS = [
  "</textarea><script>document.title='hacked'</script>",
  "\"><img src=x onerror=\"document.title='hacked'\">",
  "<!--</script><script>document.title='hacked'</script>",
  "\u2028</script>\u2029{{7*7}}${7*7}",
];

const NAME = "<img src=x onerror=document.title='hacked'>";

const CARD = `---
license: "<script>document.title='hacked'</script>"
language: ["<img src=x onerror=document.title='hacked'>"]
---

# ${PAYLOADS[0]}

<script>document.title = "hacked"</script>
<img src="x" onerror="document.title = 'hacked'">
<iframe src="javascript:parent.document.title = 'hacked'"></iframe>

[A link](javascript:document.title='hacked') and ![a picture](x" onerror="document.title='hacked')
`;

/** Lays the model out in `folder` and gives its path. */
export function hostileModel(folder: string): string {
  const model = `${folder}/${NAME}`;
  // Each worker reads the settings again, while the server runs.
  if (process.env.TEST_WORKER_INDEX !== undefined) return model;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync("../tests/golden/tiny", model, { recursive: true });
  const config = JSON.parse(readFileSync(`${model}/config.json`, "utf8"));
  config.id2label = { 0: PAYLOADS[0], 1: PAYLOADS[1] };
  config.label2id = { [PAYLOADS[0]]: 0, [PAYLOADS[1]]: 1 };
  writeFileSync(`${model}/config.json`, JSON.stringify(config));
  writeFileSync(`${model}/README.md`, CARD);
  return model;
}
