// Labels in npz archives, and what every writer of npz takes.
import type { Label, LabelIndex } from "../mdp/index.ts";
import type { Npz, NpzContent } from "./npz.ts";

export interface NpzWriteOptions {
  /** Deflate the arrays. Default false, as `numpy.savez`. */
  readonly compress?: boolean | undefined;
}

/** Labels as an array: numbers as such, else as text; none for a range. */
export function labelArray<T>(labels: LabelIndex<T>): NpzContent | undefined {
  if (labels.isRange) return undefined;
  const all: unknown[] = labels.toArray();
  if (all.every((label) => typeof label === "number")) return Float64Array.from(all);
  return all.map((_, i) => labels.name(i));
}

/** An array of labels: text, or numbers. @throws FormatError */
export function labelNames(npz: Npz, name: string): Iterable<Label> {
  const { data } = npz.array(name);
  return ArrayBuffer.isView(data) ? npz.floats(name).data : data;
}
