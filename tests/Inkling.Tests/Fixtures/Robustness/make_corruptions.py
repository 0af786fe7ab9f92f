#!/usr/bin/env python3
"""Makes corruptions.bin with NumPy 1.24, SciPy 1.10 and scikit-image 0.19 (Debian 12). Run it in this folder.

Images 0, 1, 5 and 7 of MNIST's training images under fifteen corruptions: [16, 4, 28, 28] bytes, the originals first. Written
from the formulae in docs/robustness.md; warps, blurs, gradients and edges are SciPy's and scikit-image's, random numbers are Philox 4x32-10
keyed as there.
"""
import gzip
import math
import pathlib

import numpy as np
from scipy import ndimage
from skimage import feature, transform

SEED, PURPOSE = 1, 41
CHOSEN = [0, 1, 5, 7]
ROOT = pathlib.Path(__file__).resolve().parents[4]


def philox(counter, key):
    x = list(counter)
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [(p1 >> 32) ^ x[1] ^ k0, p1 & 0xFFFFFFFF, (p0 >> 32) ^ x[3] ^ k1, p0 & 0xFFFFFFFF]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return x


def philox_many(blocks, sample, epoch):
    """[4 * blocks] words at counters 0, 1, ..."""
    x = [np.arange(blocks, dtype=np.uint64)] + [np.full(blocks, v, dtype=np.uint64) for v in (sample, epoch, PURPOSE)]
    k0, k1 = SEED, 0
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        x = [(p1 >> shift) ^ x[1] ^ np.uint64(k0), p1 & low, (p0 >> shift) ^ x[3] ^ np.uint64(k1), p0 & low]
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(x, axis=1).reshape(-1)


class Stream:
    def __init__(self, corruption, image):
        self.corruption, self.image = corruption, image

    def block(self, n):
        return philox((n, self.image, self.corruption, PURPOSE), (SEED, 0))

    def bits(self, i):
        return self.block(i // 4)[i % 4]

    def uniform(self, i):
        return (self.bits(i) >> 8) / 2**24

    def integer(self, i, bound):
        return self.bits(i) * bound >> 32

    def sign(self, i):
        return -1 if self.integer(i, 2) == 0 else 1

    def uniforms(self, count):
        return (philox_many((count + 3) // 4, self.image, self.corruption)[:count] >> np.uint64(8)).astype(float) / 2**24


def gaussian(x, sigma):
    return ndimage.gaussian_filter(x, sigma, mode="nearest", truncate=4)


def affine(x, matrix, offset=(0, 0)):
    """Target (u, v) from the centre looks at matrix @ (u, v) + offset."""
    m = np.eye(3)
    m[:2, :2] = matrix
    m[:2, 2] = np.array([13.5, 13.5]) - np.array(matrix) @ [13.5, 13.5] + offset
    return transform.warp(x, transform.AffineTransform(m), order=1, mode="constant", cval=0)


def shot_noise(x, r):
    u = r.uniforms(784).reshape(28, 28)
    counts = np.arange(40)
    rate = 3 * x[..., None]
    cumulated = np.cumsum(np.exp(-rate) * rate**counts / np.array([math.factorial(k) for k in counts], dtype=float), axis=-1)
    return (cumulated <= u[..., None]).sum(axis=-1) / 3


def impulse_noise(x, r):
    u = r.uniforms(784).reshape(28, 28)
    return np.where(u < 0.085, 0, np.where(u < 0.17, 1, x))


def glass_blur(x, r):
    x = gaussian(x, 0.7)
    for turn in range(2):
        for i in range(27, 1, -1):
            for j in range(27, 1, -1):
                words = r.block(turn * 784 + i * 28 + j)
                if words[0] >> 31:
                    a, b = i + (words[1] * 2 >> 32) - 1, j + (words[2] * 2 >> 32) - 1
                    x[i, j], x[a, b] = x[a, b], x[i, j]
    return gaussian(x, 0.7)


def motion_blur(x, r):
    angle = -np.pi / 4 + np.pi / 2 * r.uniform(0)
    weights = np.exp(-np.arange(21.0) ** 2 / 18)
    weights /= weights.sum()
    out = np.zeros_like(x)
    padded = np.pad(x, 30, mode="edge")
    for i, w in enumerate(weights):
        dx, dy = math.ceil(i * np.cos(angle) - 0.5), math.ceil(i * np.sin(angle) - 0.5)
        out += w * padded[30 + dy : 58 + dy, 30 + dx : 58 + dx]
    return out


def shear(x, r):
    a = 0.4 * r.sign(0)
    return affine(x, [[1, -np.sin(a)], [0, np.cos(a)]])


def scale(x, r):
    return affine(x, [[1 / 0.7, 0], [0, 1 / 0.7]])


def rotate(x, r):
    a = 0.4 * r.sign(0)
    return affine(x, [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])


def brightness(x, r):
    return np.clip(x + 0.5, 0, 1)


def translate(x, r):
    return affine(x, np.eye(2), (3 * r.sign(0), 3 * r.sign(1)))


def stripe(x, r):
    x[:, :7], x[:, 21:] = 1 - x[:, :7], 1 - x[:, 21:]
    return x


def plasma(r, decay):
    u = r.uniforms(65536).reshape(256, 256)
    f = np.zeros((256, 256))
    step, wobble = 256, 100.0
    while step >= 2:
        half = step // 2

        def mean(rows, columns, around):
            return sum(f[np.ix_((rows + dy) % 256, (columns + dx) % 256)] for dy, dx in around) / 4

        even, odd = np.arange(0, 256, step), np.arange(half, 256, step)
        corners = [(-half, -half), (-half, half), (half, -half), (half, half)]
        sides = [(-half, 0), (half, 0), (0, -half), (0, half)]
        for rows, columns, around in ((odd, odd, corners), (even, odd, sides), (odd, even, sides)):
            cells = np.ix_(rows, columns)
            f[cells] = mean(rows, columns, around) + wobble * (2 * u[cells] - 1) * wobble
        step //= 2
        wobble /= decay
    return (f - f.min()) / (f.max() - f.min())


def fog(x, r):
    most = x.max()
    return (x + 3 * plasma(r, 1.4)[:28, :28]) * most / (most + 3)


def spatter(x, r):
    u = r.uniforms(2 * 784).reshape(784, 2)
    normal = np.sqrt(-2 * np.log(1 - u[:, 0])) * np.cos(2 * np.pi * u[:, 1])
    liquid = gaussian((0.65 + 0.3 * normal).reshape(28, 28), 1)
    mask = gaussian((liquid > 0.65).astype(float), 1.5)
    mask[mask < 0.8] = 0
    return x * (1 - mask) + 63 / 255 * mask


def line(c0, r0, c1, r1):
    rows, columns = np.mgrid[0:28, 0:28].astype(float)
    distance = np.minimum(np.abs(rows - ((r1 - r0) / (c1 - c0) * (columns - c0) + r0)), 2.3 - 1e-10)
    value = np.clip(np.log(1 - distance / 2.3) + 1, 0, 1)
    value[:, : math.floor(c0)] = 0
    value[:, math.ceil(c1) :] = 0
    return value


def dotted_line(x, r):
    dashes = line(0, r.integer(0, 27), 27, r.integer(1, 27))
    for start in range(0, 28, 4):
        dashes[:, start : start + 2] = 0
    return x + dashes


def zigzag(x, r):
    r0 = r.integer(0, 27)
    theta = np.arctan((r.integer(1, 10) - 5) / 23)
    length = 23 / np.cos(theta)
    points = [(0.0, 0.0)]
    for i in range(int((length - 2) // 4) + 1):
        points.append(((2 * i + 1) * 2.0, (-1) ** i * 2.0))
    whole = 4 * (length // 4)
    if length != whole:
        points.append((length, points[-1][1] / (2 * (length - whole))))
    turned = [(2 + a * np.cos(theta) - b * np.sin(theta), r0 + a * np.sin(theta) + b * np.cos(theta)) for a, b in points]
    for (c0, y0), (c1, y1) in zip(turned, turned[1:]):
        x = np.clip(x + line(c0, y0, c1, y1), 0, 1)
    return x


def canny_edges(x, r):
    return feature.canny(x).astype(float)


CORRUPTIONS = [
    shot_noise, impulse_noise, glass_blur, motion_blur, shear, scale, rotate, brightness, translate, stripe, fog, spatter, dotted_line,
    zigzag, canny_edges,
]

with gzip.open(ROOT / "src/Inkling.Mnist/train-images-idx3-ubyte.gz") as f:
    images = np.frombuffer(f.read(16 + 8 * 784), dtype=np.uint8, offset=16).reshape(-1, 28, 28)[CHOSEN]
result = [images] + [
    np.stack([np.round(255 * np.clip(corrupt(image / 255, Stream(n, index)), 0, 1)) for index, image in zip(CHOSEN, images)]).astype(np.uint8)
    for n, corrupt in enumerate(CORRUPTIONS)
]
np.stack(result).tofile("corruptions.bin")
