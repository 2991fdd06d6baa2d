// The middle and the ends of a sample: how results over seeds are told.

/** Infinity stands for "never": it may be the max, or the median. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The median (the mean of the middle two of an even number), least and largest; NaN for an empty sample. */
export function spread(sample: readonly number[]): Spread {
  const sorted = sample.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? Number.NaN;
  const high = sorted[Math.ceil(middle)] ?? Number.NaN;
  return { median: low === high ? low : (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
