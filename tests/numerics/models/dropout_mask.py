"""(15.12) to (15.14): Philox4x32-10 on whole arrays."""

import numpy as np

from models.recipes import f32

MASK = 0xFFFFFFFF


def philox(counter, key):
    """counter: four uint64 arrays below 2^32; key: two integers."""
    x = list(counter)
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        x = [(b >> np.uint64(32)) ^ x[1] ^ np.uint64(key[0]), b & np.uint64(MASK),
             (a >> np.uint64(32)) ^ x[3] ^ np.uint64(key[1]), a & np.uint64(MASK)]
        key = [(key[0] + 0x9E3779B9) & MASK, (key[1] + 0xBB67AE85) & MASK]
    return x


def run(case):
    x, seed, step = case.inputs
    rate = f32(case.attributes["rate"])
    blocks = np.arange((x.data.size + 3) // 4, dtype=np.uint64)
    constant = [np.full_like(blocks, int(v) & MASK)
                for v in (step.data[0], case.attributes["stream"])]
    counter = [blocks & np.uint64(MASK), blocks >> np.uint64(32)] + constant
    words = np.stack(philox(counter, [int(s) & MASK for s in seed.data]), -1).reshape(-1)
    kept = words[:x.data.size] >= int(float(rate) * 2**32)
    return [np.where(kept, f32(1) / (f32(1) - rate), f32(0)).astype(f32).reshape(x.data.shape)]
