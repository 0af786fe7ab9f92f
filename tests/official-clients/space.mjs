// Opens the page of a Space in a browser and draws on it: node space.mjs FOLDER CHROMIUM PICTURES prints one JSON value and leaves
// pictures of the page on a phone and a desk, light and dark, in PICTURES.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const [folder, executablePath, pictures] = process.argv.slice(2);
const types = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json" };
const server = createServer(async (request, response) => {
    try {
        const name = request.url === "/" ? "index.html" : request.url.slice(1);
        const bytes = await readFile(join(folder, name));
        response.writeHead(200, { "Content-Type": types[extname(name)] ?? "application/octet-stream" }).end(bytes);
    } catch {
        response.writeHead(404).end();
    }
});
await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const context = await browser.newContext({ hasTouch: true, viewport: { width: 390, height: 844 } });
const page = await context.newPage();
const result = { errors: [], elsewhere: [], bytes: 0, overflows: [], drawings: [] };
page.on("console", message => message.type() === "error" && result.errors.push(message.text()));
page.on("pageerror", error => result.errors.push(error.message));
page.on("request", request => new URL(request.url()).origin !== origin && !request.url().startsWith("data:") && result.elsewhere.push(request.url()));
page.on("response", async response => { result.bytes += Number(response.headers()["content-length"] ?? 0) || (await response.body().catch(() => "")).length; });

await page.goto(origin);
await page.waitForSelector("body[data-ready]", { timeout: 60_000 });
const box = await page.locator("#board").boundingBox();
const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];

async function read(name) {
    await page.waitForFunction(() => document.getElementById("answer").textContent !== "");
    await page.waitForTimeout(500);
    result.drawings.push(await page.evaluate(name => ({
        name,
        answer: document.getElementById("answer").textContent,
        probability: Math.max(...[...document.querySelectorAll("meter")].map(meter => meter.value)),
        png: document.getElementById("board").toDataURL("image/png").split(",")[1],
    }), name));
}

async function clear() {
    await page.click("#clear");
    await page.waitForFunction(() => document.getElementById("answer").textContent === "");
}

async function takePictures() {
    const phone = page.viewportSize();
    for (const [place, viewport] of Object.entries({ phone, narrow: { width: 320, height: 640 }, desk: { width: 1280, height: 800 } })) {
        for (const colorScheme of ["light", "dark"]) {
            await page.setViewportSize(viewport);
            await page.emulateMedia({ colorScheme });
            await page.screenshot({ path: join(pictures, `${place}-${colorScheme}.png`), fullPage: true });
            if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) {
                result.overflows.push(place);
            }
        }
    }
    await page.setViewportSize(phone);
}

const strokes = {
    seven: [[[0.25, 0.25], [0.75, 0.25], [0.45, 0.8]]],
    one: [[[0.5, 0.2], [0.5, 0.8]]],
    zero: [Array.from({ length: 33 }, (_, i) => [0.5 + 0.2 * Math.sin(i * Math.PI / 16), 0.5 - 0.3 * Math.cos(i * Math.PI / 16)])],
};
for (const [name, lines] of Object.entries(strokes)) {
    for (const [first, ...others] of lines) {
        await page.mouse.move(...at(first));
        await page.mouse.down();
        for (const point of others) {
            await page.mouse.move(...at(point), { steps: 8 });
        }
        await page.mouse.up();
    }
    await read(name);
    if (name === "seven") {
        await takePictures();
    }
    await clear();
}

await page.touchscreen.tap(...at([0.5, 0.5]));
await read("touch");
await clear();

await page.focus("#board");
await page.keyboard.press("Space");
for (let i = 0; i < 16; i++) {
    await page.keyboard.press("ArrowDown");
}
await read("keyboard");
await page.keyboard.press("Delete");
await page.waitForFunction(() => document.getElementById("answer").textContent === "");

await browser.close();
server.close();
console.log(JSON.stringify(result));
