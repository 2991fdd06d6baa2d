// Zip containers: read whatever numpy and fflate write, and find damage before it becomes numbers.
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { crc32 } from "../../../src/formats/crc32.ts";
import { isZip, readZip, writeZip } from "../../../src/formats/zip.ts";
import { bytesOf, errorOf, fixture } from "./fixtures.ts";

describe("crc32", () => {
  it("gives the check value of the standard, at every length", () => {
    expect(crc32(bytesOf("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
    // Bit by bit, from the definition.
    const slow = (bytes: Uint8Array) => {
      let crc = 0xffffffff;
      for (const byte of bytes) {
        crc ^= byte;
        for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
      }
      return (crc ^ 0xffffffff) >>> 0;
    };
    for (let n = 0; n < 40; n++) {
      const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37 + n * 101) & 255);
      expect(crc32(bytes)).toBe(slow(bytes));
    }
  });
});

describe("readZip", () => {
  const entries: [string, Uint8Array][] = [
    ["a.npy", bytesOf("hello hello hello hello")],
    ["b", new Uint8Array(0)],
    ["ü", Uint8Array.of(1, 2, 3)],
  ];

  it.each([false, true])("reads what writeZip writes (compress: %s)", (compress) => {
    const file = writeZip(entries, { compress });
    expect(isZip(file)).toBe(true);
    expect([...readZip(file)]).toEqual(entries);
  });

  it("reads zip64 directories and numpy's zip64 headers", () => {
    const wide = readZip(fixture("zip64-directory.npz"));
    const usual = readZip(fixture("fortran.npz"));
    expect(wide.get("data.npy")).toEqual(usual.get("data.npy"));
    expect([...wide.keys()]).toEqual(["indptr.npy", "indices.npy", "data.npy", "shape.npy", "format.npy", "reward.npy", "discount.npy", "terminal.npy"]);
  });

  it("reads files with a comment, and from the middle of a buffer", () => {
    const file = writeZip(entries);
    const commented = new Uint8Array(file.length + 5);
    commented.set(file);
    commented[file.length - 2] = 5;
    expect([...readZip(commented).keys()]).toEqual(["a.npy", "b", "ü"]);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect([...readZip(shifted.subarray(3))]).toEqual(entries);
  });

  it("finds every flipped bit of a stored entry by its checksum", async () => {
    const file = writeZip([["a.npy", bytesOf("some numbers")]]);
    const at = 30 + 5;
    for (let i = 0; i < 12; i++) {
      const damaged = file.slice();
      damaged[at + i]! ^= 1 << (i % 8);
      const error = await errorOf(() => readZip(damaged));
      expect(error).toBeInstanceOf(FormatError);
      expect(error.message).toMatch(/^zip entry "a.npy" has checksum [0-9a-f]+, expected [0-9a-f]+; the file is damaged\.$/);
    }
  });

  it("refuses every truncation", async () => {
    const file = fixture("scipy-compressed.npz");
    for (let n = 0; n < file.length; n += 1) expect(await errorOf(() => readZip(file.subarray(0, n)))).toBeInstanceOf(FormatError);
  });

  it("refuses encryption, other methods, names given twice and claims beyond deflate", async () => {
    const change = (find: number, at: number, value: number, width: 2 | 4) => {
      const file = writeZip([["a", bytesOf("x".repeat(100))]], { compress: true });
      const view = new DataView(file.buffer);
      let central = 0;
      while (view.getUint32(central, true) !== find) central++;
      if (width === 2) view.setUint16(central + at, value, true);
      else view.setUint32(central + at, value, true);
      return file;
    };
    const central = 0x02014b50;
    expect((await errorOf(() => readZip(change(central, 8, 1, 2)))).message).toMatch(/is encrypted/);
    expect((await errorOf(() => readZip(change(central, 10, 12, 2)))).message).toMatch(/is packed by method 12/);
    expect((await errorOf(() => readZip(change(central, 24, 0xfffffff0, 4)))).message).toMatch(/claims 4294967280 bytes from \d+ deflated ones/);
    expect((await errorOf(() => readZip(change(central, 24, 99, 4)))).message).toMatch(/damaged/);
    expect((await errorOf(() => readZip(change(central, 42, 7, 4)))).message).toMatch(/no header of "a" at byte 7/);
    const twice = writeZip([
      ["a", bytesOf("1")],
      ["b", bytesOf("2")],
    ]);
    const renamed = twice.map((byte) => (byte === 0x62 ? 0x61 : byte));
    expect((await errorOf(() => readZip(renamed))).message).toMatch(/two entries "a"/);
  });
});
