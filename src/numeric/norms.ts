// Sizes of vectors: the sup norm and the span (max - min), the two measures every bound here is made of.

/** max |x_i|; 0 for an empty vector, NaN if any entry is NaN. */
export function supNorm(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    if (!(size <= largest)) largest = size;
    if (Number.isNaN(size)) return Number.NaN;
  }
  return largest;
}

/** max |x_i - y_i|, counting two equal infinities as 0 apart. */
export function supDistance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] === y[i]) continue;
    const size = Math.abs(x[i]! - y[i]!);
    if (Number.isNaN(size)) return Number.NaN;
    if (size > largest) largest = size;
  }
  return largest;
}

/** max x_i - min x_i; 0 for an empty vector, NaN if any entry is NaN or all are one infinity. */
export function span(x: ArrayLike<number>): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (Number.isNaN(value)) return Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return x.length === 0 ? 0 : high - low;
}
