// numpy's .npy arrays: header and data of numbers, booleans and strings, either byte order, C or Fortran layout.
// Source: numpy.lib.format, versions 1.0, 2.0 and 3.0.
import { describeValue, FormatError } from "../errors.ts";
import { decodeElements, elementType, encodeElements, type NpyData } from "./npy-elements.ts";

export type { NpyData } from "./npy-elements.ts";

/** An array as numpy holds it. */
export interface NpyArray {
  /** numpy's descr as it stood in the file: "<f8", "|S3". */
  readonly dtype: string;
  /** Lengths by axis; none for a scalar. */
  readonly shape: readonly number[];
  /** The elements in C order (last axis fastest). */
  readonly data: NpyData;
}

/** 0x93, then "NUMPY". */
const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads one .npy file. Fortran layouts are brought into C order, bytes into this machine's order; float16 becomes Float32Array, booleans Uint8Array.
 *
 * @param where the array's name, for messages.
 * @throws FormatError for anything that is not such an array: also Python objects, complex and longdouble numbers, and records.
 * @example
 * parseNpy(bytes).data; // Float64Array [...]
 */
export function parseNpy(bytes: Uint8Array, where = "npy"): NpyArray {
  const { header, dataFrom } = splitHeader(bytes, where);
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(.))/.exec(header);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\dL,\s]*)\)/.exec(header)?.[1];
  if (descr === null || fortran === undefined || shapeText === undefined) {
    throw new FormatError(`${where} has the header ${describeValue(header.trim())}, expected descr, fortran_order and shape.`);
  }
  const dtype = descr[1];
  if (dtype === undefined) throw new FormatError(`${where} holds records, expected an array of numbers or strings.`);
  const shape = Array.from(shapeText.matchAll(/\d+/g), ([digits]) => Number(digits));
  const element = elementType(dtype, where);
  const count = shape.reduce((product, n) => product * n, 1);
  const size = count * element.bytes;
  if (!(size <= bytes.length - dataFrom)) {
    throw new FormatError(`${where} has ${bytes.length - dataFrom} bytes of data, expected ${size} for shape (${shape.join(", ")}) of ${dtype}.`);
  }
  const data = decodeElements(bytes.subarray(dataFrom, dataFrom + size), element, where);
  return { dtype, shape, data: fortran === "True" && shape.length > 1 ? toCOrder(data, shape) : data };
}

/**
 * Writes one .npy file (version 1.0, little-endian, C order); its dtype is that of the array, "<U" for strings.
 *
 * @example
 * writeNpy(Float64Array.of(1, 2, 3, 4), [2, 2]); // numpy.load gives array([[1., 2.], [3., 4.]])
 */
export function writeNpy(data: NpyData, shape: readonly number[] = [data.length], options: { readonly booleans?: boolean } = {}): Uint8Array {
  const { dtype, bytes } = encodeElements(data, options.booleans ?? false);
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const prefix = MAGIC.length + 4;
  // The data begins at a multiple of 64; the header ends with a newline.
  const length = Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix;
  const file = new Uint8Array(prefix + length + bytes.length);
  file.set(MAGIC);
  file[6] = 1;
  new DataView(file.buffer).setUint16(8, length, true);
  file.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), prefix);
  file.set(bytes, prefix + length);
  return file;
}

/** The header's text, and where the data begins. */
function splitHeader(bytes: Uint8Array, where: string): { readonly header: string; readonly dataFrom: number } {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new FormatError(`${where} does not begin with numpy's magic bytes, expected an .npy array.`);
  const major = bytes[6];
  if (major !== 1 && major !== 2 && major !== 3) throw new FormatError(`${where} has .npy version ${major}, expected 1, 2 or 3.`);
  const lengthBytes = major === 1 ? 2 : 4;
  const headerFrom = 8 + lengthBytes;
  if (bytes.length < headerFrom) throw new FormatError(`${where} ends at byte ${bytes.length} within its header; the file is cut short.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataFrom = headerFrom + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataFrom > bytes.length)
    throw new FormatError(`${where} ends at byte ${bytes.length}, expected its header to end at ${dataFrom}; the file is cut short.`);
  return { header: new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(headerFrom, dataFrom)), dataFrom };
}

/** Elements in Fortran order (first axis fastest) brought into C order. */
function toCOrder(data: NpyData, shape: readonly number[]): NpyData {
  const strides: number[] = [];
  let stride = 1;
  for (const n of shape) {
    strides.push(stride);
    stride *= n;
  }
  const from: ArrayLike<unknown> = data;
  const ordered = data.slice();
  const to = ordered as { [index: number]: unknown };
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = 0; i < data.length; i++) {
    to[i] = from[at];
    // Count up, last axis fastest.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return ordered;
}
