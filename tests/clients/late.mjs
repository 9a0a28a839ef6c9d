// A server that takes too long: `@huggingface/inference` must hear of it, and not ask again for ever.
import assert from "node:assert/strict";
import { InferenceClient } from "@huggingface/inference";

const endpointUrl = process.argv[2];

// As many and as long texts as one request may hold, no two of them alike: far more than a second's work.
const inputs = Array.from({ length: 1000 }, (_, n) => `Text ${n} is good. `.repeat(100));
await assert.rejects(new InferenceClient("").textClassification({ endpointUrl, inputs }), /took more than 1 s/);
