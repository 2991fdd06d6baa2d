// Counter-based random numbers: the draw of any moment, computed from its number alone, so that a CPU and a GPU draw the same stream.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): Philox4x32-10; passes BigCrush.

/** The multipliers and the Weyl constants of the paper. */
export const PHILOX: { readonly multiplier: readonly [number, number]; readonly weyl: readonly [number, number]; readonly rounds: number } = {
  multiplier: [0xd2511f53, 0xcd9e8d57],
  weyl: [0x9e3779b9, 0xbb67ae85],
  rounds: 10,
};

/** The high 32 bits of the 64-bit product of two uint32. */
export function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  // Each sum is below 2^33, exact in float64; the shifts drop only what has been carried on.
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(other / 65536)) >>> 0;
}

/**
 * Four uint32 for a counter of four words under a key of two, written to `out[at .. at+3]`.
 *
 * @example
 * philox4x32(0, 0, 0, 0, 0, 0, out); // 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8
 */
export function philox4x32(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array, at = 0): void {
  const [m0, m1] = PHILOX.multiplier;
  const [w0, w1] = PHILOX.weyl;
  let a = c0 >>> 0;
  let b = c1 >>> 0;
  let c = c2 >>> 0;
  let d = c3 >>> 0;
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < PHILOX.rounds; round++) {
    const high0 = multiplyHigh(m0, a);
    const low0 = Math.imul(m0, a);
    const high1 = multiplyHigh(m1, c);
    const low1 = Math.imul(m1, c);
    a = (high1 ^ b ^ key0) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ key1) >>> 0;
    d = low0 >>> 0;
    key0 = (key0 + w0) >>> 0;
    key1 = (key1 + w1) >>> 0;
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}
