// The smallest and largest change that the operators of this thread have seen.

/** The smallest and largest change of the last call, widened from what `setChange` left. */
export let changeMin: f64 = 0;
export let changeMax: f64 = 0;

export function setChange(min: f64, max: f64): void {
  changeMin = min;
  changeMax = max;
}

@inline
export function widen(d: f64): void {
  if (d < changeMin) changeMin = d;
  if (d > changeMax) changeMax = d;
}
