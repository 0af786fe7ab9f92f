// Draw a digit with mouse, finger, pen or keys; the model runs in this page. Nothing leaves it.
import * as ort from "./ort.wasm.bundle.min.js";
import { frame, SIZE } from "./framing.js";

const board = document.getElementById("board");
const cursor = document.getElementById("cursor");
const seen = document.getElementById("seen");
const answer = document.getElementById("answer");
const status = document.getElementById("status");
const list = document.getElementById("probabilities");
const pen = board.getContext("2d", { willReadFrequently: true });
const STEP = 8;

const page = await (await fetch("space.json")).json();
const model = document.getElementById("model");
model.href = page.url;
model.textContent = page.model;
const bars = page.classes.map(name => {
    const row = list.appendChild(document.createElement("li"));
    const label = row.appendChild(document.createElement("span"));
    const bar = row.appendChild(document.createElement("meter"));
    const value = row.appendChild(document.createElement("output"));
    label.textContent = name;
    bar.setAttribute("aria-label", `probability of ${name}`);
    return { row, bar, value };
});

/** The engine's code, packed to a quarter; a server that unpacks it on the way is fine too. */
async function unpacked(url) {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isPacked ? new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer() : bytes.buffer;
}

let session;
let running = false;
let waiting = false;

async function classify() {
    if (!session || running) {
        waiting = true;
        return;
    }
    running = true;
    try {
        await read();
    } finally {
        running = false;
    }
}

async function read() {
    do {
        waiting = false;
        const rgba = pen.getImageData(0, 0, board.width, board.height).data;
        const pixels = Uint8Array.from({ length: board.width * board.height }, (_, i) => rgba[4 * i]);
        const bytes = frame({ width: board.width, height: board.height, pixels });
        showSeen(bytes);
        const isEmpty = bytes.every(value => value === 0);
        const input = new ort.Tensor("uint8", bytes, [1, SIZE, SIZE]);
        const output = isEmpty ? null : await session.run({ [session.inputNames[0]]: input });
        showAnswer(output ? Array.from(output.probabilities.data) : null);
    } while (waiting);
}

function showSeen(bytes) {
    const image = new ImageData(SIZE, SIZE);
    bytes.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
    seen.getContext("2d").putImageData(image, 0, 0);
}

function showAnswer(probabilities) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    bars.forEach(({ row, bar, value }, i) => {
        bar.value = probabilities?.[i] ?? 0;
        value.textContent = probabilities ? `${(100 * probabilities[i]).toFixed(1)} %` : "";
        row.classList.toggle("best", i === best);
    });
    answer.textContent = best < 0 ? "" : page.classes[best];
    status.textContent = best < 0 ? "Draw a digit." : `I read ${page.classes[best]}, ${(100 * probabilities[best]).toFixed(1)} % sure.`;
}

function stroke(from, to) {
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    // A line of no length shows nothing; a tap makes a dot.
    pen.lineTo(to.x, to.y + (from.x === to.x && from.y === to.y ? 0.1 : 0));
    pen.stroke();
    requestAnimationFrame(classify);
}

function clear() {
    pen.fillStyle = "black";
    pen.fillRect(0, 0, board.width, board.height);
    classify();
}

pen.strokeStyle = "white";
pen.lineWidth = 22;
pen.lineCap = pen.lineJoin = "round";
clear();

// Mouse, finger and pen.
let last = null;
const position = event => {
    const box = board.getBoundingClientRect();
    return { x: (event.clientX - box.left) * board.width / box.width, y: (event.clientY - box.top) * board.height / box.height };
};
board.addEventListener("pointerdown", event => {
    board.setPointerCapture(event.pointerId);
    last = position(event);
    stroke(last, last);
});
board.addEventListener("pointermove", event => {
    if (last) {
        const next = position(event);
        stroke(last, next);
        last = next;
    }
});
for (const end of ["pointerup", "pointercancel"]) {
    board.addEventListener(end, () => { last = null; });
}

// Keys: arrows move, space puts the pen down or lifts it, Delete clears.
const key = { x: board.width / 2, y: board.height / 4, down: false };
function showCursor() {
    cursor.style.left = `${100 * key.x / board.width}%`;
    cursor.style.top = `${100 * key.y / board.height}%`;
    cursor.classList.toggle("down", key.down);
}
board.addEventListener("keydown", event => {
    const step = event.shiftKey ? STEP / 4 : STEP;
    const [dx, dy] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key] ?? [0, 0];
    if (event.key === " ") {
        key.down = !key.down;
    } else if (event.key === "Delete" || event.key === "Backspace") {
        key.down = false;
        clear();
    } else if (dx === 0 && dy === 0) {
        return;
    }
    event.preventDefault();
    const from = { x: key.x, y: key.y };
    key.x = Math.min(Math.max(key.x + dx, 0), board.width);
    key.y = Math.min(Math.max(key.y + dy, 0), board.height);
    if (key.down) {
        stroke(from, key);
    }
    showCursor();
});
document.getElementById("clear").addEventListener("click", clear);
showCursor();

try {
    // One thread: a picture of 28×28 needs no more, and more would need special headers.
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmBinary = await unpacked("ort-wasm-simd-threaded.wasm.gz");
    session = await ort.InferenceSession.create("model.onnx");
    document.body.dataset.ready = "true";
    classify();
} catch (error) {
    status.textContent = `The model can't run here: ${error.message}`;
    throw error;
}
