// How many sweeps are still to come, as the last sizes of an iteration foretell.

/** How many of the last sizes `sweepsLeft` needs to see. */
export const REMEMBERED = 16;

/** From the rate of the last few improvements; 0 while there are too few to tell. */
export function sweepsLeft(sizes: readonly { readonly size: number; readonly sweep: number }[], goal: number): number {
  const LAG = 4;
  const last = sizes.at(-1);
  const earlier = sizes.at(-1 - LAG);
  if (last === undefined || earlier === undefined || sizes.length < 2 * LAG) return 0;
  if (last.size <= goal) return 0;
  const rate = Math.log(earlier.size / last.size) / (last.sweep - earlier.sweep);
  return rate > 0 ? Math.log(last.size / goal) / rate : Infinity;
}
