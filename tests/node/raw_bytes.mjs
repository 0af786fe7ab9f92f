// raw_bytes.mjs RUNTIME MODEL IMAGES COUNT HEIGHT WIDTH: grey images as raw bytes through model_with_preprocessing.onnx.
// RUNTIME is onnxruntime-node or onnxruntime-web (WebAssembly, as in a browser). Prints JSON: labels and probabilities.
import { readFileSync } from 'node:fs';

const [runtime, model, images, count, height, width] = process.argv.slice(2);
const { default: ort, ...named } = await import(runtime);
const { InferenceSession, Tensor, env } = ort ?? named;
if (runtime === 'onnxruntime-web') {
  env.wasm.numThreads = 1;
}
const session = await InferenceSession.create(new Uint8Array(readFileSync(model)));
const bytes = new Uint8Array(readFileSync(images));
const result = await session.run({ images: new Tensor('uint8', bytes, [Number(count), Number(height), Number(width)]) });
console.log(JSON.stringify({
  labels: Array.from(result.label.data, Number),
  probabilities: Array.from(result.probabilities.data),
}));
