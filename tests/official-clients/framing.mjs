// Frames pictures as the page of a Space does: node framing.mjs FILE with JSON [{width, height, pixels: base64}] prints base64 of each.
import { readFileSync } from "node:fs";
import { frame } from "../../src/Inkling.Space/Page/framing.js";

const images = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(images.map(({ width, height, pixels }) =>
    Buffer.from(frame({ width, height, pixels: Buffer.from(pixels, "base64") })).toString("base64"))));
