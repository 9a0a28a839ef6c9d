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

const scores = await new InferenceClient("").textClassification({ endpointUrl: base, inputs: text });
assert.deepEqual(scores, expected);
app.close();
