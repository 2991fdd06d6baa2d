// Long lines drawn with fewer points: each bucket keeps its highest and lowest, so no spike is lost.

/**
 * At most about `most` points, the first and the last among them; a new array.
 *
 * @example
 * thin(points, 800);
 */
export function thin<P extends { readonly y: number }>(points: readonly P[], most: number): P[] {
  if (points.length <= most) return points.slice();
  const bucket = Math.ceil((2 * points.length) / most);
  const kept = new Set<P | undefined>([points[0]]);
  for (let from = 0; from < points.length; from += bucket) {
    let low: P | undefined;
    let high: P | undefined;
    for (const point of points.slice(from, from + bucket)) {
      if (low === undefined || point.y < low.y) low = point;
      if (high === undefined || point.y > high.y) high = point;
    }
    kept.add(low).add(high);
  }
  kept.add(points.at(-1));
  return points.filter((point) => kept.has(point));
}
