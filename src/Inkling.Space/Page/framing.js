// Makes a drawing look like an MNIST image: the same steps, in the same integers, as Inkling's DigitFraming in C#, so that the
// browser and every other place show the network the same bytes. A test compares the two.

export const SIZE = 28;
const INK_SIZE = 20;
const WORKING_SIZE = 200;
const LEAST_CONTRAST = 16;
const PRECISION_BITS = 22;

/** Frames one picture: {width, height, pixels}, 8-bit grey, row-major. Returns 28·28 bytes, 0 background to 255 ink. */
export function frame(image) {
    const grey = reducedTo(image, WORKING_SIZE);
    const background = borderMedian(grey);
    const darkInk = hasDarkInk(grey.pixels, background);
    if (!isolateInk(grey.pixels, background, darkInk)) {
        return new Uint8Array(SIZE * SIZE);
    }
    const box = inkBox(grey);
    const longer = Math.max(box.width, box.height);
    const ink = resized(crop(grey, box), scaledSide(box.width, longer), scaledSide(box.height, longer));
    stretch(ink.pixels);
    return centeredByMass(ink);
}

function reducedTo(image, side) {
    const longer = Math.max(image.width, image.height);
    return longer <= side
        ? { ...image, pixels: Uint8Array.from(image.pixels) }
        : resized(image, Math.max(Math.trunc(image.width * side / longer), 1), Math.max(Math.trunc(image.height * side / longer), 1));
}

function borderMedian({ width, height, pixels }) {
    const border = [];
    for (let y = 0; y < height; y++) {
        const step = y === 0 || y === height - 1 ? 1 : Math.max(width - 1, 1);
        for (let x = 0; x < width; x += step) {
            border.push(pixels[y * width + x]);
        }
    }
    border.sort((a, b) => a - b);
    return border[(border.length - 1) >> 1];
}

function hasDarkInk(pixels, background) {
    let balance = 0;
    for (const pixel of pixels) {
        const difference = pixel - background;
        balance += difference < 0 ? difference * difference : -difference * difference;
    }
    return balance > 0;
}

function isolateInk(pixels, background, darkInk) {
    let peak = 0;
    for (let i = 0; i < pixels.length; i++) {
        pixels[i] = Math.max(darkInk ? background - pixels[i] : pixels[i] - background, 0);
        peak = Math.max(peak, pixels[i]);
    }
    if (peak < LEAST_CONTRAST) {
        return false;
    }
    const floor = otsuThreshold(pixels) >> 1;
    for (let i = 0; i < pixels.length; i++) {
        pixels[i] = Math.max(pixels[i] - floor, 0);
    }
    stretch(pixels);
    return true;
}

function otsuThreshold(pixels) {
    const histogram = new Array(256).fill(0);
    let sum = 0;
    for (const pixel of pixels) {
        histogram[pixel]++;
        sum += pixel;
    }
    let threshold = 0;
    let greatest = -1;
    let count = 0;
    let sumBelow = 0;
    for (let level = 0; level < 256; level++) {
        count += histogram[level];
        sumBelow += level * histogram[level];
        if (count === 0 || count === pixels.length) {
            continue;
        }
        const meanDifference = sumBelow / count - (sum - sumBelow) / (pixels.length - count);
        const between = count * (pixels.length - count) * meanDifference * meanDifference;
        if (between > greatest) {
            greatest = between;
            threshold = level;
        }
    }
    return threshold;
}

function stretch(pixels) {
    const peak = pixels.reduce((a, b) => Math.max(a, b), 0);
    for (let i = 0; peak > 0 && i < pixels.length; i++) {
        pixels[i] = Math.trunc((pixels[i] * 255 + (peak >> 1)) / peak);
    }
}

function scaledSide(side, longer) {
    return Math.max(Math.trunc((side * INK_SIZE + (longer >> 1)) / longer), 1);
}

function inkBox({ width, height, pixels }) {
    let [left, right, top, bottom] = [width, -1, height, -1];
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            if (pixels[y * width + x] !== 0) {
                [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), y];
            }
        }
    }
    return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function crop(image, { left, top, width, height }) {
    const pixels = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
        const start = (top + y) * image.width + left;
        pixels.set(image.pixels.subarray(start, start + width), y * width);
    }
    return { width, height, pixels };
}

function centeredByMass({ width, height, pixels }) {
    let [mass, momentX, momentY] = [0, 0, 0];
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            const value = pixels[y * width + x];
            mass += value;
            momentX += value * x;
            momentY += value * y;
        }
    }
    const left = offset(momentX / mass + 0.5, width);
    const top = offset(momentY / mass + 0.5, height);
    const framed = new Uint8Array(SIZE * SIZE);
    for (let y = 0; y < height; y++) {
        framed.set(pixels.subarray(y * width, (y + 1) * width), (top + y) * SIZE + left);
    }
    return framed;
}

function offset(centerOfMass, side) {
    return Math.min(Math.max(Math.floor(SIZE / 2 - centerOfMass + 0.5), 0), SIZE - side);
}

// Bilinear with antialiasing, as Pillow does it: columns first, both passes rounded to 8 bits.
function resized(image, width, height) {
    const columns = filter(image.width, width);
    const rows = filter(image.height, height);
    const narrow = new Uint8Array(image.height * width);
    for (let y = 0; y < image.height; y++) {
        for (let x = 0; x < width; x++) {
            narrow[y * width + x] = weighted(columns[x], i => image.pixels[y * image.width + i]);
        }
    }
    const pixels = new Uint8Array(height * width);
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            pixels[y * width + x] = weighted(rows[y], i => narrow[i * width + x]);
        }
    }
    return { width, height, pixels };
}

function weighted({ first, weights }, pixel) {
    let sum = 1 << (PRECISION_BITS - 1);
    for (let tap = 0; tap < weights.length; tap++) {
        sum += pixel(first + tap) * weights[tap];
    }
    return Math.min(Math.max(sum >> PRECISION_BITS, 0), 255);
}

function filter(sourceSize, size) {
    const scale = sourceSize / size;
    const halfWidth = Math.max(scale, 1);
    return Array.from({ length: size }, (_, i) => {
        const center = (i + 0.5) * scale;
        const first = Math.max(Math.trunc(center - halfWidth + 0.5), 0);
        const end = Math.min(Math.trunc(center + halfWidth + 0.5), sourceSize);
        const values = Array.from({ length: end - first }, (_, x) => {
            const distance = Math.abs((x + first - center + 0.5) * (1 / halfWidth));
            return distance < 1 ? 1 - distance : 0;
        });
        const sum = values.reduce((a, b) => a + b, 0);
        const weights = values.map(value => Math.trunc(0.5 + value / sum * (1 << PRECISION_BITS)));
        while (weights.at(-1) === 0) {
            weights.pop();
        }
        return { first, weights };
    });
}
