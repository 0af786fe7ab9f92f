// Opens the browser snippet of a model card as a page and gives it a picture: node snippet.mjs HTML CHROMIUM PACKAGE PICTURE prints
// what the page says. Nothing leaves this machine: the addresses of jsDelivr and of the Hub are answered from npm's packages and
// from the package folder, any other is an error.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [html, executablePath, folder, picture] = process.argv.slice(2);
const modules = join(import.meta.dirname, "../node/node_modules");
const sources = [
    [/^https:\/\/snippet\.example\/$/, () => html],
    [/^https:\/\/cdn\.jsdelivr\.net\/npm\/@huggingface\/transformers@[\d.]+$/, () => join(modules, "@huggingface/transformers/dist/transformers.min.js")],
    [/^https:\/\/cdn\.jsdelivr\.net\/npm\/onnxruntime-web@[\w.-]+\/dist\/([\w.-]+)$/, name => join(modules, "onnxruntime-web/dist", name)],
    [/^https:\/\/huggingface\.co\/[\w./-]+\/resolve\/main\/([\w./-]+)$/, name => join(folder, name)],
];
const types = { html: "text/html", js: "text/javascript", mjs: "text/javascript", json: "application/json", wasm: "application/wasm" };

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
const faults = [];
page.on("pageerror", error => faults.push(error.message));
await page.route(url => !/^(data|blob):/.test(url.href), async route => {
    const url = route.request().url();
    const [match, file] = sources.map(([pattern, path]) => [pattern.exec(url), path]).find(([match]) => match) ?? [];
    if (!match) {
        faults.push(`asked for ${url}`);
        return route.abort();
    }

    try {
        const path = file(match[1]);
        const headers = { "Access-Control-Allow-Origin": "*", "Content-Type": types[path.split(".").pop()] ?? "application/octet-stream" };
        return await route.fulfill({ body: await readFile(path), headers });
    } catch {
        return route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" } });
    }
});

await page.goto("https://snippet.example/");
await page.waitForFunction(() => document.getElementById("picture").onchange, null, { timeout: 60_000 });
await page.setInputFiles("#picture", picture);
await page.waitForFunction(() => document.getElementById("label").textContent !== "", null, { timeout: 60_000 });
console.log(await page.textContent("#label"));
await browser.close();
if (faults.length > 0) {
    console.error(faults.join("\n"));
    process.exitCode = 1;
}
