// numpy's .npz archives: named arrays in a zip container, read as the numbers a caller needs.
import { FormatError, ShapeError } from "../errors.ts";
import { type NpyArray, type NpyData, parseNpy, writeNpy } from "./npy.ts";
import { HOST_IS_LITTLE } from "./npy-elements.ts";
import { readZip, writeZip } from "./zip.ts";

const SUFFIX = ".npy";

/** Numbers with their shape, in C order. */
export interface ShapedNumbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * A .npz archive. Arrays are decoded when asked for.
 *
 * @example
 * const npz = new Npz(await readFile("result.npz"));
 * npz.floats("value").data; // Float64Array
 */
export class Npz {
  readonly #entries = new Map<string, Uint8Array>();

  /** @throws FormatError where the bytes are not a zip file, or damaged. */
  constructor(bytes: Uint8Array) {
    for (const [name, content] of readZip(bytes)) {
      if (name.endsWith(SUFFIX)) this.#entries.set(name.slice(0, -SUFFIX.length), content);
    }
  }

  get names(): string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws FormatError where it is missing or not an array that can be read. */
  array(name: string): NpyArray {
    const content = this.#entries.get(name);
    if (content === undefined) {
      throw new FormatError(`npz has no array ${JSON.stringify(name)}, expected one; it has ${this.names.slice(0, 20).join(", ") || "none"}.`);
    }
    return parseNpy(content, where(name));
  }

  /** An array of numbers of any type, as float64. @throws FormatError where 64-bit integers lie beyond 2^53. */
  floats(name: string): ShapedNumbers {
    const { shape, data } = this.array(name);
    return { shape, data: toFloats(data, where(name)) };
  }

  /** An array of integers of any type, as int32. @throws FormatError where one is no integer or beyond int32. */
  integers(name: string): Int32Array {
    const { data } = this.array(name);
    if (data instanceof Int32Array) return data;
    const low = lowWords(data);
    if (low !== undefined) return low;
    const wide = toFloats(data, where(name));
    const narrow = Int32Array.from(wide);
    for (let i = 0; i < wide.length; i++) {
      if (narrow[i] !== wide[i]) throw new FormatError(`${where(name)} has ${wide[i]} at ${i}, expected integers within int32.`);
    }
    return narrow;
  }

  /** A single number. @throws ShapeError */
  number(name: string): number {
    const { shape, data } = this.floats(name);
    const [first] = data;
    if (first === undefined || data.length > 1) throw new ShapeError(`${where(name)} has shape (${shape.join(", ")}), expected a single number.`);
    return first;
  }

  /** A list of strings, or one. @throws FormatError */
  strings(name: string): readonly string[] {
    const { data, dtype } = this.array(name);
    if (ArrayBuffer.isView(data)) throw new FormatError(`${where(name)} holds numbers (${dtype}), expected strings.`);
    return data;
  }
}

/** What `writeNpz` takes: bare data for one axis, or data with its shape. */
export type NpzContent = NpyData | { readonly data: NpyData; readonly shape: readonly number[] };

/**
 * An .npz file that `numpy.load` reads, stored as `numpy.savez` does, or deflated as `numpy.savez_compressed`.
 *
 * @example
 * writeNpz({ value: Float64Array.of(1, 2), discount: { data: Float64Array.of(0.9), shape: [] } });
 */
export function writeNpz(arrays: Readonly<Record<string, NpzContent | undefined>>, options: { readonly compress?: boolean | undefined } = {}): Uint8Array {
  const entries: [string, Uint8Array][] = [];
  for (const [name, content] of Object.entries(arrays)) {
    if (content === undefined) continue;
    entries.push([name + SUFFIX, "shape" in content ? writeNpy(content.data, content.shape) : writeNpy(content)]);
  }
  return writeZip(entries, options);
}

function where(name: string): string {
  return `npz array ${JSON.stringify(name)}`;
}

/** 64-bit integers as int32, where they all are within it: numpy's default integers, read without a number object for each. */
function lowWords(data: NpyData): Int32Array | undefined {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return undefined;
  const signed = data instanceof BigInt64Array;
  const words = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const [lowAt, highAt] = HOST_IS_LITTLE ? [0, 1] : [1, 0];
  const narrow = new Int32Array(data.length);
  for (let i = 0; i < narrow.length; i++) {
    const low = words[2 * i + lowAt]!;
    if (words[2 * i + highAt] !== low >> 31 || (!signed && low < 0)) return undefined;
    narrow[i] = low;
  }
  return narrow;
}

function toFloats(data: NpyData, name: string): Float64Array {
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const wide = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) {
      wide[i] = Number(data[i]);
      if (!Number.isSafeInteger(wide[i])) throw new FormatError(`${name} has ${data[i]} at ${i}, expected integers within 2^53.`);
    }
    return wide;
  }
  if (ArrayBuffer.isView(data)) return Float64Array.from(data);
  throw new FormatError(`${name} holds strings, expected numbers.`);
}
