// Run before a program (node --import ./offline.mjs program.mjs): models come from the folder MODELS and from nowhere else.
import { env } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = process.env.MODELS;
globalThis.fetch = (address) => {
  throw new Error(`asked for ${address}: nothing is fetched in tests`);
};
