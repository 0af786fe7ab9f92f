// Frames pictures as the page of a Space does: JSON [{width, height, pixels: base64}] on standard input, base64 of each on standard output.
import { readFileSync } from "node:fs";
import { frame } from "../../src/Inkling/Hub/Space/framing.js";

const images = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(images.map(({ width, height, pixels }) =>
    Buffer.from(frame({ width, height, pixels: Buffer.from(pixels, "base64") })).toString("base64"))));
