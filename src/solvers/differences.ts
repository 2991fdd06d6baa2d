// In how many states two policies differ: what tells an iteration that its policy settles.

/** @param one and `other`: S choices each. */
export function differences(one: Int32Array, other: Int32Array): number {
  let count = 0;
  for (let s = 0; s < one.length; s++) if (one[s] !== other[s]) count++;
  return count;
}
