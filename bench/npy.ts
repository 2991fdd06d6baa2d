// One-dimensional .npy files of int32 and float64: the form that numpy, C and Node all read without a parser.
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";

/** A single write of Node's ends at 2 GiB. */
const PIECE = 2 ** 28;

export function writeNpyFile(path: string, data: Int32Array | Float64Array): void {
  const text = `{'descr': '${data instanceof Int32Array ? "<i4" : "<f8"}', 'fortran_order': False, 'shape': (${data.length},), }`;
  const header = Buffer.alloc(128, " ");
  header.write("\x93NUMPY\x01\x00", 0, "latin1");
  header.writeUInt16LE(128 - 10, 8);
  header.write(text, 10, "latin1");
  header[127] = 10;
  const file = openSync(path, "w");
  try {
    writeSync(file, header);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(PIECE, bytes.length - at));
  } finally {
    closeSync(file);
  }
}

export interface NpyHeader {
  readonly dtype: "<i4" | "<f8";
  readonly length: number;
  /** Where the numbers begin. */
  readonly from: number;
}

export function readHeader(file: number, path: string): NpyHeader {
  const start = Buffer.alloc(10);
  readSync(file, start, 0, 10, 0);
  const from = 10 + start.readUInt16LE(8);
  const header = Buffer.alloc(from);
  readSync(file, header, 0, from, 0);
  const dtype = /'descr': '([^']*)'/.exec(header.toString("latin1"))?.[1];
  if (dtype !== "<i4" && dtype !== "<f8") throw new Error(`${path} holds ${dtype}, expected <i4 or <f8`);
  return { dtype, length: (fstatSync(file).size - from) / (dtype === "<i4" ? 4 : 8), from };
}
