// The clients from npm: their answers must be those of Valence's own API.
import assert from "node:assert/strict";
import { Client } from "@gradio/client";
import { InferenceClient } from "@huggingface/inference";

const [base, text, expected] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];

const app = await Client.connect(base);
const { data } = await app.predict("/predict", [text]);
assert.equal(data[0].label, expected[0].label);
assert.deepEqual(data[0].confidences, expected.map(({ label, score }) => ({ label, confidence: score })));
await assert.rejects(app.predict("/predict", [" "]), /the text is blank/);

// Its loop has to be left, as docs/api.md says: it never ends where a function is asked in one request.
const streaming = await Client.connect(base, { events: ["data", "status"] });
for (const [asked, end] of [[text, "complete"], [" ", "error"]]) {
  const told = [];
  for await (const message of streaming.submit("/predict", [asked])) {
    told.push(message);
    if (["complete", "error"].includes(message.stage)) break;
  }
  assert.equal(told.at(-1).stage, end);
  const labels = told.filter(({ type }) => type === "data").map((message) => message.data[0].label);
  assert.deepEqual(labels, end === "complete" ? [expected[0].label] : []);
}
streaming.close();

const scores = await new InferenceClient("").textClassification({ endpointUrl: base, inputs: text });
assert.deepEqual(scores, expected);
app.close();
