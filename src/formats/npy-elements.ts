// The element types of numpy arrays: which bytes are which numbers.
import { describeValue, FormatError } from "../errors.ts";

export type NumberArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** The elements of an array: numbers, 64-bit integers, or strings. */
export type NpyData = NumberArray | BigInt64Array | BigUint64Array | readonly string[];

export interface ElementType {
  /** Bytes an element, and how many of them are turned about together. */
  readonly bytes: number;
  readonly word: number;
  readonly swapped: boolean;
  /** Elements from bytes in this machine's order. */
  readonly decode: (buffer: ArrayBuffer, where: string) => NpyData;
}

/** The longest string, in characters: labels and names, not texts. */
const LONGEST_STRING = 10_000;

/** Whether this machine's numbers begin with their lowest byte. */
export const HOST_IS_LITTLE: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const NUMBERS: ReadonlyMap<string, (buffer: ArrayBuffer) => NpyData> = new Map<string, (buffer: ArrayBuffer) => NpyData>([
  ["b1", (buffer) => new Uint8Array(buffer)],
  ["i1", (buffer) => new Int8Array(buffer)],
  ["u1", (buffer) => new Uint8Array(buffer)],
  ["i2", (buffer) => new Int16Array(buffer)],
  ["u2", (buffer) => new Uint16Array(buffer)],
  ["i4", (buffer) => new Int32Array(buffer)],
  ["u4", (buffer) => new Uint32Array(buffer)],
  ["i8", (buffer) => new BigInt64Array(buffer)],
  ["u8", (buffer) => new BigUint64Array(buffer)],
  ["f2", (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber)],
  ["f4", (buffer) => new Float32Array(buffer)],
  ["f8", (buffer) => new Float64Array(buffer)],
]);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ["O", "pickled Python objects, which are never read"],
  ["c", "complex numbers"],
  ["M", "dates"],
  ["m", "time differences"],
  ["V", "raw records"],
]);

/** @throws FormatError for types that are not read. */
export function elementType(dtype: string, where: string): ElementType {
  const match = /^([<>=|])([a-zA-Z])(\d{1,9})?(?:\[.*\])?$/.exec(dtype);
  const [, order, kind, digits] = match ?? [];
  const length = Number(digits);
  const decode = kind === "S" ? latin1(length) : kind === "U" ? utf32(length) : NUMBERS.get(`${kind}${digits}`);
  if (match === null || decode === undefined || digits === undefined) {
    const what = kind === "f" ? "longdouble numbers" : REFUSED.get(kind ?? "");
    const hint = kind === "f" ? { hint: "save it as float64: array.astype(float)." } : {};
    throw new FormatError(
      `${where} holds ${what ?? "elements"} (${describeValue(dtype)}), expected integers, floats up to 64 bits, booleans or strings.`,
      hint,
    );
  }
  if (length < 1 || length > LONGEST_STRING) throw new FormatError(`${where} holds strings of ${length} characters, expected 1 to ${LONGEST_STRING}.`);
  const word = kind === "U" ? 4 : kind === "S" ? 1 : length;
  return { bytes: kind === "U" ? 4 * length : length, word, swapped: order === (HOST_IS_LITTLE ? ">" : "<"), decode };
}

/** The elements in `bytes`, copied. @throws FormatError where a string is not Unicode. */
export function decodeElements(bytes: Uint8Array, type: ElementType, where: string): NpyData {
  // Not bytes.slice(), which for Node's Buffer is a view.
  const copy = new Uint8Array(bytes);
  if (type.swapped && type.word > 1) swapBytes(copy, type.word);
  return type.decode(copy.buffer, where);
}

const FLOATS = [Float32Array, Float64Array] as const;
const SIGNED = [Int8Array, Int16Array, Int32Array, BigInt64Array] as const;

/** Elements as bytes, little-endian, with their descr. */
export function encodeElements(data: NpyData, booleans: boolean): { readonly dtype: string; readonly bytes: Uint8Array } {
  if (!ArrayBuffer.isView(data)) return encodeStrings(data);
  const kind = FLOATS.some((type) => data instanceof type) ? "f" : SIGNED.some((type) => data instanceof type) ? "i" : "u";
  const width = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (booleans) return { dtype: "|b1", bytes };
  return { dtype: `${width === 1 ? "|" : "<"}${kind}${width}`, bytes: HOST_IS_LITTLE || width === 1 ? bytes : swapBytes(bytes.slice(), width) };
}

function encodeStrings(strings: readonly string[]): { readonly dtype: string; readonly bytes: Uint8Array } {
  const codes = strings.map(codePoints);
  const width = codes.reduce((most, points) => Math.max(most, points.length), 1);
  const view = new DataView(new ArrayBuffer(4 * width * strings.length));
  for (const [i, points] of codes.entries()) {
    for (const [k, point] of points.entries()) view.setUint32(4 * (i * width + k), point, true);
  }
  return { dtype: `<U${width}`, bytes: new Uint8Array(view.buffer) };
}

function codePoints(text: string): number[] {
  const points: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0);
    if (point !== undefined) points.push(point);
  }
  return points;
}

/** Strings of `width` code points. */
function utf32(width: number): ElementType["decode"] {
  return (buffer, where) => {
    const points = new Uint32Array(buffer);
    const bad = points.find((point) => point > 0x10ffff);
    if (bad !== undefined) throw new FormatError(`${where} has the character ${bad}, expected Unicode up to ${0x10ffff}.`);
    return Array.from({ length: points.length / width }, (_, i) => trimmed(String.fromCodePoint(...points.subarray(i * width, (i + 1) * width))));
  };
}

/** Strings of `width` bytes. */
function latin1(width: number): ElementType["decode"] {
  return (buffer) => {
    const bytes = new Uint8Array(buffer);
    return Array.from({ length: bytes.length / width }, (_, i) => trimmed(String.fromCharCode(...bytes.subarray(i * width, (i + 1) * width))));
  };
}

/** numpy pads strings with NULs. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--;
  return text.slice(0, end);
}

function swapBytes(bytes: Uint8Array, width: number): Uint8Array {
  for (let from = 0; from < bytes.length; from += width) bytes.subarray(from, from + width).reverse();
  return bytes;
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
