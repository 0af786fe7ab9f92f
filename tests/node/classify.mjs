// classify.mjs MODEL LIST: every picture named in the file LIST (a line each) through the pipeline as anybody writes it.
// Prints a JSON list with the ranking of each.
import { readFileSync } from 'node:fs';
import { pipeline } from '@huggingface/transformers';

const [model, list] = process.argv.slice(2);
const pictures = readFileSync(list, 'utf8').trim().split('\n');
const classify = await pipeline('image-classification', model);
const rankings = [];
for (const picture of pictures) {
  rankings.push(await classify(picture));
}
console.log(JSON.stringify(rankings));
