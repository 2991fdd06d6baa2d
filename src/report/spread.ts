// Places for labels that want to stand at given heights and must not overlap.

interface Group<T> {
  readonly items: readonly T[];
  readonly start: number;
}

/**
 * Places at least `distance` apart, in the order of the wanted ones, near them, within `low` to `high` as far as they fit.
 *
 * @example
 * spread([{ wanted: 100 }, { wanted: 101 }, { wanted: 250 }], 16, 0, 300).map(({ place }) => place); // [92.5, 108.5, 250]
 */
export function spread<T extends { readonly wanted: number }>(
  items: readonly T[],
  distance: number,
  low: number,
  high: number,
): { readonly item: T; readonly place: number }[] {
  // Groups of touching labels, each centred on the mean of what its members want.
  const groups: Group<T>[] = [];
  for (const item of items.toSorted((a, b) => a.wanted - b.wanted)) {
    let group = centred([item], distance, low, high);
    for (let above = groups.at(-1); above !== undefined && above.start + above.items.length * distance > group.start; above = groups.at(-1)) {
      groups.pop();
      group = centred([...above.items, ...group.items], distance, low, high);
    }
    groups.push(group);
  }
  return groups.flatMap((group) => group.items.map((item, k) => ({ item, place: group.start + k * distance })));
}

function centred<T extends { readonly wanted: number }>(items: readonly T[], distance: number, low: number, high: number): Group<T> {
  const mean = items.reduce((sum, item) => sum + item.wanted, 0) / items.length;
  const height = (items.length - 1) * distance;
  return { items, start: Math.max(low, Math.min(high - height, mean - height / 2)) };
}
