#!/usr/bin/env python3
"""Makes the files of this folder with Pillow 9.4.0 and NumPy 1.24.2 (Debian 12). Run it in this folder.

resize.json   random images and what Image.resize(..., BILINEAR) makes of them
decode.json   the pixels that Pillow reads from the pictures beside it (colours on white where transparent)
frame.json    drawings and photographs as 28x28, by the steps of DigitFraming written anew in NumPy
"""
import base64
import io
import json

import numpy as np
from PIL import Image, ImageDraw, ImageOps

rng = np.random.default_rng(20240511)


def base(array):
    return base64.b64encode(np.ascontiguousarray(array, np.uint8).tobytes()).decode()


def write(name, value):
    with open(name, "w", newline="\n") as file:
        json.dump(value, file, indent=1)
        file.write("\n")


# --- resize -------------------------------------------------------------------------------------------------------

def resize_case(height, width, channels, new_height, new_width, binary=False):
    shape = (height, width) if channels == 1 else (height, width, 3)
    source = rng.integers(0, 2, shape) * 255 if binary else rng.integers(0, 256, shape)
    source = source.astype(np.uint8)
    expected = np.asarray(Image.fromarray(source).resize((new_width, new_height), Image.BILINEAR))
    return {"source_height": height, "source_width": width, "channels": channels, "height": new_height,
            "width": new_width, "source": base(source), "expected": base(expected)}


write("resize.json", [
    resize_case(*shape) for shape in [
        (28, 28, 1, 56, 56), (28, 28, 1, 56, 56, True), (28, 28, 1, 28, 28), (28, 28, 1, 28, 56), (28, 28, 1, 56, 28),
        (28, 28, 1, 32, 32), (28, 28, 1, 84, 84), (28, 28, 1, 14, 14), (28, 28, 1, 20, 13), (1, 1, 1, 7, 5),
        (1, 9, 1, 4, 3), (9, 1, 1, 3, 4), (7, 5, 1, 1, 1), (2, 3, 1, 61, 59), (97, 61, 1, 20, 13), (61, 97, 1, 13, 20),
        (53, 47, 1, 52, 46), (53, 47, 1, 54, 48), (3, 101, 1, 101, 3), (101, 3, 1, 3, 101), (40, 40, 1, 17, 39),
        (127, 16, 1, 9, 33), (64, 64, 1, 28, 28, True), (13, 17, 3, 31, 29), (31, 29, 3, 13, 17), (23, 37, 3, 23, 19),
    ]])


# --- decode -------------------------------------------------------------------------------------------------------

def picture(width=24, height=16):
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 10 % 256, y * 15 % 256, (x * y) % 256], axis=2).astype(np.uint8)


colour = Image.fromarray(picture())
grey = Image.fromarray(picture()[:, :, 2])
clear = Image.fromarray(np.dstack([picture(), picture()[:, :, 0]]))

colour.save("colour.png")
grey.save("grey.png")
clear.save("clear.png")
colour.quantize(16).save("palette.png")
colour.save("colour.bmp")
colour.save("colour.webp", lossless=True)
clear.save("clear.webp", lossless=True, exact=True)
colour.save("colour.gif")

# Smooth, so that lossy decoders differ by little; a dark corner shows which way is up.
smooth = np.full((16, 24, 3), (200, 180, 160), np.uint8)
smooth[:8, :8] = (20, 40, 60)
Image.fromarray(smooth).save("smooth.jpg", quality=95, subsampling=0)
Image.fromarray(smooth[:, :, 0]).save("grey.jpg", quality=95)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(smooth).save(f"orientation{orientation}.jpg", quality=95, subsampling=0, exif=exif)


def pixels(name):
    image = ImageOps.exif_transpose(Image.open(name))
    if image.mode == "RGBA":
        values = np.asarray(image).astype(np.int64)
        alpha = values[:, :, 3:]
        return ((values[:, :, :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return np.asarray(image if image.mode == "L" else image.convert("RGB"))


write("decode.json", [
    {"file": name, "height": array.shape[0], "width": array.shape[1], "channels": 1 if array.ndim == 2 else 3,
     "pixels": base(array)}
    for name in ["colour.png", "grey.png", "clear.png", "palette.png", "colour.bmp", "colour.webp", "clear.webp",
                 "smooth.jpg", "grey.jpg"] + [f"orientation{o}.jpg" for o in range(1, 9)]
    for array in [pixels(name)]])


# --- frame --------------------------------------------------------------------------------------------------------

def frame(image):
    image = image.convert("L")
    longer = max(image.size)
    if longer > 200:
        image = image.resize((image.width * 200 // longer, image.height * 200 // longer), Image.BILINEAR)
    v = np.asarray(image).astype(np.int64)
    border = np.sort(np.concatenate([v[0], v[-1], v[1:-1, 0], v[1:-1, -1]]))
    background = border[(len(border) - 1) // 2]
    difference = v - background
    dark = (difference[difference < 0] ** 2).sum() > (difference[difference > 0] ** 2).sum()
    ink = np.maximum(-difference if dark else difference, 0)
    if ink.max() < 16:
        return np.zeros((28, 28), np.uint8)
    ink = stretch(np.maximum(ink - otsu(ink) // 2, 0))
    rows, columns = np.nonzero(ink.any(1))[0], np.nonzero(ink.any(0))[0]
    ink = ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    height, width = ink.shape
    longer = max(ink.shape)
    size = [max((side * 20 + longer // 2) // longer, 1) for side in (width, height)]
    ink = stretch(np.asarray(Image.fromarray(ink.astype(np.uint8)).resize(size, Image.BILINEAR)).astype(np.int64))
    y, x = np.mgrid[0:ink.shape[0], 0:ink.shape[1]]
    top, left = [int(np.clip(np.floor(14 - ((axis * ink).sum() / ink.sum() + 0.5) + 0.5), 0, 28 - side))
                 for axis, side in ((y, ink.shape[0]), (x, ink.shape[1]))]
    framed = np.zeros((28, 28), np.uint8)
    framed[top:top + ink.shape[0], left:left + ink.shape[1]] = ink
    return framed


def stretch(ink):
    return (ink * 255 + ink.max() // 2) // ink.max()


def otsu(ink):
    best = (-1, 0)
    for level in range(256):
        below, above = ink[ink <= level], ink[ink > level]
        if len(below) and len(above):
            between = len(below) * len(above) * (below.mean() - above.mean()) ** 2
            if between > best[0]:
                best = (between, level)
    return best[1]


def drawing(size, paper, ink, width, offset=(0, 0), scale=1.0):
    image = Image.new("RGB", (size[0] * 4, size[1] * 4), paper)
    digit = [(0.70, 0.15), (0.35, 0.15), (0.32, 0.45), (0.52, 0.40), (0.68, 0.55), (0.64, 0.78), (0.45, 0.86), (0.30, 0.78)]
    points = [((x * scale + offset[0]) * size[0] * 4, (y * scale + offset[1]) * size[1] * 4) for x, y in digit]
    ImageDraw.Draw(image).line(points, ink, width * 4, joint="curve")
    return image.resize(size, Image.BOX)


def photograph():
    size = (300, 220)
    image = np.asarray(drawing(size, (206, 198, 180), (44, 48, 92), 9, offset=(0.3, 0.2), scale=0.5)).astype(float)
    shade = np.linspace(1.05, 0.8, size[0])[None, :, None]
    return Image.fromarray(np.clip(image * shade + rng.normal(0, 2, image.shape), 0, 255).astype(np.uint8))


pictures = {
    "ink-on-paper.png": drawing((120, 90), (255, 255, 255), (0, 0, 0), 8),
    "chalk-on-board.png": drawing((120, 90), (0, 0, 0), (255, 255, 255), 8),
    "small.png": drawing((19, 17), (250, 250, 240), (30, 30, 120), 2),
    "thin.png": drawing((280, 280), (255, 255, 255), (0, 0, 0), 3),
    "photograph.png": photograph(),
}
compressed = io.BytesIO()
pictures["photograph.png"].save(compressed, "JPEG", quality=60)
pictures["photograph.png"] = Image.open(compressed)
for name, image in pictures.items():
    image.save(name)
write("frame.json", [{"file": name, "pixels": base(frame(Image.open(name)))} for name in pictures])
