// Zip containers: stored and deflated entries, zip64 where numpy writes it, checksums verified.
// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5.
import { inflateSync, zipSync } from "fflate";
import { FormatError } from "../errors.ts";
import { crc32 } from "./crc32.ts";

const END = 0x06054b50;
const END_SIZE = 22;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL = 0x04034b50;
const LOCAL_SIZE = 30;
const ZIP64_EXTRA = 1;
const IN_ZIP64 = 0xffffffff;
/** Deflate never makes 1 byte of more than this many. */
const DEFLATE_LIMIT = 1032;

/** The first bytes of a zip file with at least one entry. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * The entries of a zip file by name. Stored entries are views of the bytes given.
 *
 * @throws FormatError saying at which byte the file is cut short, damaged, encrypted or packed in another way.
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Uint8Array>();
  for (const entry of readDirectory(bytes, view)) {
    if (entries.has(entry.name)) throw new FormatError(`zip has two entries ${JSON.stringify(entry.name)}, expected each name once.`);
    entries.set(entry.name, unpack(bytes, view, entry));
  }
  return entries;
}

/** A zip file of entries, stored or deflated; the same entries give the same bytes. */
export function writeZip(
  entries: Iterable<readonly [name: string, content: Uint8Array]>,
  options: { readonly compress?: boolean | undefined } = {},
): Uint8Array {
  const files: Record<string, Uint8Array> = Object.create(null);
  let total = 0;
  for (const [name, content] of entries) {
    files[name] = content;
    total += content.length;
  }
  if (total >= IN_ZIP64) throw new FormatError(`zip would hold ${total} bytes, expected less than 4 GiB.`);
  return zipSync(files, { level: options.compress === true ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

function readDirectory(bytes: Uint8Array, view: DataView): Entry[] {
  const { count, offset } = findDirectory(bytes, view);
  const entries: Entry[] = [];
  let at = offset;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_SIZE > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged(at, "no directory entry");
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + CENTRAL_SIZE + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged(at, "a directory entry that is cut short");
    const extraAt = at + CENTRAL_SIZE + nameLength;
    const wide = new WideFields(view, extraAt, extraAt + extraLength);
    // In this order: APPNOTE 4.5.3.
    const size = wide.read(view.getUint32(at + 24, true));
    const packed = wide.read(view.getUint32(at + 20, true));
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + CENTRAL_SIZE, extraAt)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      size,
      packed,
      offset: wide.read(view.getUint32(at + 42, true)),
    });
    at = next;
  }
  return entries;
}

/** Where the central directory begins, and how many entries it has. */
function findDirectory(bytes: Uint8Array, view: DataView): { readonly count: number; readonly offset: number } {
  let end = bytes.length - END_SIZE;
  const lowest = Math.max(0, end - 65535);
  while (end >= lowest && view.getUint32(end, true) !== END) end--;
  if (end < lowest) throw new FormatError(`zip has no end record in its ${bytes.length} bytes, expected one; the file is cut short or no zip file.`);
  const count = view.getUint16(end + 10, true);
  const offset = view.getUint32(end + 16, true);
  if (count !== 0xffff && offset !== IN_ZIP64) return { count, offset };
  const locator = end - 20;
  if (locator < 0 || view.getUint32(locator, true) !== END64_LOCATOR) return { count, offset };
  const end64 = wideNumber(view, locator + 8);
  if (end64 + 56 > bytes.length || view.getUint32(end64, true) !== END64) throw damaged(end64, "no zip64 end record");
  return { count: wideNumber(view, end64 + 32), offset: wideNumber(view, end64 + 48) };
}

function unpack(bytes: Uint8Array, view: DataView, entry: Entry): Uint8Array {
  const { name, offset, packed, size } = entry;
  const where = `zip entry ${JSON.stringify(name)}`;
  if (entry.encrypted) throw new FormatError(`${where} is encrypted, expected plain data.`);
  if (offset + LOCAL_SIZE > bytes.length || view.getUint32(offset, true) !== LOCAL) throw damaged(offset, `no header of ${JSON.stringify(name)}`);
  const from = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (from + packed > bytes.length) throw new FormatError(`${where} ends at byte ${from + packed}, expected at most ${bytes.length}; the file is cut short.`);
  const content = bytes.subarray(from, from + packed);
  const unpacked = entry.method === 0 ? content : entry.method === 8 ? inflate(content, size, where) : undefined;
  if (unpacked === undefined) throw new FormatError(`${where} is packed by method ${entry.method}, expected 0 (stored) or 8 (deflated).`);
  if (unpacked.length !== size) throw new FormatError(`${where} has ${unpacked.length} bytes, expected ${size}; the file is damaged.`);
  const crc = crc32(unpacked);
  if (crc !== entry.crc) throw new FormatError(`${where} has checksum ${crc.toString(16)}, expected ${entry.crc.toString(16)}; the file is damaged.`);
  return unpacked;
}

function inflate(content: Uint8Array, size: number, where: string): Uint8Array {
  if (size > content.length * DEFLATE_LIMIT + DEFLATE_LIMIT) {
    throw new FormatError(`${where} claims ${size} bytes from ${content.length} deflated ones, more than can be; the file is damaged.`);
  }
  try {
    return inflateSync(content, { out: new Uint8Array(size) });
  } catch (cause) {
    throw new FormatError(`${where} cannot be inflated: ${cause instanceof Error ? cause.message : String(cause)}; the file is damaged.`, { cause });
  }
}

/** The 64-bit fields of a zip64 extra block, taken in turn by the 32-bit fields that are full. */
class WideFields {
  readonly #view: DataView;
  #at = 0;
  #end = 0;

  constructor(view: DataView, from: number, to: number) {
    this.#view = view;
    for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
      if (view.getUint16(at, true) !== ZIP64_EXTRA) continue;
      this.#at = at + 4;
      this.#end = Math.min(to, at + 4 + view.getUint16(at + 2, true));
      return;
    }
  }

  read(narrow: number): number {
    if (narrow !== IN_ZIP64 || this.#at + 8 > this.#end) return narrow;
    this.#at += 8;
    return wideNumber(this.#view, this.#at - 8);
  }
}

/** A 64-bit count; beyond 2^53 it is merely large, and refused as out of the file. */
function wideNumber(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

function damaged(at: number, what: string): FormatError {
  return new FormatError(`zip has ${what} at byte ${at}, expected one; the file is damaged.`);
}
