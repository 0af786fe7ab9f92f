"""Prints the golden words of RandomStreamTests: Philox4x32-10 written from the paper, with the engine's counter layout."""

MASK = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def main():
    assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    seed, purpose, epoch, sample = 0x0123456789ABCDEF, 3, 3, 41
    for block in range(2):
        words = philox([block, sample, epoch, purpose], [seed & MASK, seed >> 32])
        print(", ".join(f"0x{word:08X}" for word in words) + ",")


if __name__ == "__main__":
    main()
