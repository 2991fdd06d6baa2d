// Rows of Q and rows of branches in AssemblyScript: the best choices, and where a draw falls.

/** max of a row of Q, in both lanes. */
@inline
export function rowMax(row: usize, n: i32): v128 {
  if (n == 1) return v128.load64_splat(row);
  let best = v128.load(row);
  let i = 2;
  for (; i + 1 < n; i += 2) best = f64x2.pmax(best, v128.load(row + ((<usize>i) << 3)));
  if (i < n) best = f64x2.pmax(best, v128.load64_splat(row + ((<usize>i) << 3)));
  return f64x2.pmax(best, v128.shuffle<f64>(best, best, 1, 0));
}

/** One bit a choice of the row, set where it is best. */
@inline
export function bestOnes(row: usize, n: i32, best: v128): u64 {
  let bits: u64 = 0;
  let i = 0;
  for (; i + 1 < n; i += 2) bits |= (<u64>i64x2.bitmask(f64x2.eq(v128.load(row + ((<usize>i) << 3)), best))) << i;
  if (i < n) bits |= (<u64>(i64x2.bitmask(f64x2.eq(v128.load64_splat(row + ((<usize>i) << 3)), best)) & 1)) << i;
  return bits;
}

/** How many of `n` ascending thresholds, `1 << shift` bytes apart, a draw has reached. */
@inline
export function reached(thresholds: usize, shift: i32, n: i32, draw: u32): i32 {
  let low = 0;
  let left = n;
  while (left > 8) {
    const half = left >>> 1;
    if (draw >= load<u32>(thresholds + ((<usize>(low + half)) << shift))) {
      low += half + 1;
      left -= half + 1;
    } else left = half;
  }
  let k = low;
  for (let i = low; i < low + left; i++) k += i32(draw >= load<u32>(thresholds + ((<usize>i) << shift)));
  return k;
}

/** floor(draw * n / 2^32), as `Rng.below`. */
@inline
export function scaled(draw: i32, n: i32): i32 {
  return <i32>((<u64>(<u32>draw) * <u64>n) >> 32);
}
