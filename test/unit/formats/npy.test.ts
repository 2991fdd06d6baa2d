// npy arrays and npz archives: everything the real numpy wrote is read, and what is not numbers is refused by name.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { type NpyData, parseNpy, writeNpy } from "../../../src/formats/npy.ts";
import { Npz, writeNpz } from "../../../src/formats/npz.ts";
import { errorOf, fixture, fixtureJson } from "./fixtures.ts";

function flat(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length === 0 ? [] : shapeOf(value[0]))] : [];
}

describe("parseNpy", () => {
  const expected = fixtureJson("expected-arrays.json") as Record<string, unknown>;
  const npz = new Npz(fixture("arrays.npz"));

  it("finds every array of the archive", () => {
    expect(npz.names.sort()).toEqual(Object.keys(expected).sort());
    expect(npz.names).toHaveLength(2 * 11 * 2 - 4 + 10);
  });

  it.each(Object.keys(expected))("reads numpy's %s", (name) => {
    const { shape, data } = npz.array(name);
    if (name !== "empty") expect(shape).toEqual(shapeOf(expected[name]));
    expect(Array.from<unknown>(data).map((x) => (typeof x === "bigint" ? Number(x) : x))).toEqual(flat(expected[name]));
  });

  it("gives the element types their arrays", () => {
    expect(npz.array("big-f8-F").data).toBeInstanceOf(Float64Array);
    expect(npz.array("little-i8-C").data).toBeInstanceOf(BigInt64Array);
    expect(npz.array("big-u8-C").data).toBeInstanceOf(BigUint64Array);
    expect(npz.array("half").data).toBeInstanceOf(Float32Array);
    expect(npz.array("empty").shape).toEqual([0, 3]);
  });

  it.each([
    ["longdouble", "holds longdouble numbers"],
    ["complex", "holds complex numbers"],
    ["objects", "holds pickled Python objects, which are never read"],
    ["dates", "holds dates"],
    ["records", "holds records"],
  ])("refuses %s", async (name, message) => {
    const refused = new Npz(fixture("refused-arrays.npz"));
    const error = await errorOf(() => refused.array(name));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(`npz array "${name}" ${message}`);
  });

  it("refuses integers that a float64 or int32 cannot hold", async () => {
    const refused = new Npz(fixture("refused-arrays.npz"));
    expect((await errorOf(() => refused.floats("beyond"))).message).toBe('npz array "beyond" has 9007199254740993 at 0, expected integers within 2^53.');
    expect((await errorOf(() => refused.integers("wide"))).message).toBe('npz array "wide" has 2147483648 at 0, expected integers within int32.');
    expect((await errorOf(() => refused.integers("fractions"))).message).toBe('npz array "fractions" has 0.5 at 0, expected integers within int32.');
    expect((await errorOf(() => refused.array("none"))).message).toMatch(/^npz has no array "none", expected one; it has longdouble/);
  });

  it("reads 64-bit integers to the ends of int32, and refuses them one further", async () => {
    const ends = [-2147483648n, -1n, 0n, 1n, 2147483647n];
    const npz = new Npz(
      writeNpz({
        signed: BigInt64Array.from(ends),
        unsigned: BigUint64Array.from(ends.slice(2)),
        below: BigInt64Array.of(0n, -2147483649n),
        above: BigUint64Array.of(2147483648n),
        high: BigInt64Array.of(2n ** 32n),
        top: BigUint64Array.of(2n ** 32n - 1n),
        all: BigUint64Array.of(2n ** 64n - 1n),
      }),
    );
    expect(npz.integers("signed")).toEqual(Int32Array.from(ends, Number));
    expect(npz.integers("unsigned")).toEqual(Int32Array.of(0, 1, 2147483647));
    expect((await errorOf(() => npz.integers("below"))).message).toBe('npz array "below" has -2147483649 at 1, expected integers within int32.');
    for (const name of ["above", "high", "top"]) expect((await errorOf(() => npz.integers(name))).message).toMatch(/expected integers within int32/);
    expect((await errorOf(() => npz.integers("all"))).message).toBe('npz array "all" has 18446744073709551615 at 0, expected integers within 2^53.');
  });

  it("refuses what is no array, is cut short, or claims too much", async () => {
    const file = writeNpy(Float64Array.of(1, 2));
    expect((await errorOf(() => parseNpy(Uint8Array.of(1, 2, 3)))).message).toMatch(/magic/);
    expect((await errorOf(() => parseNpy(file.subarray(0, 9)))).message).toMatch(/ends at byte 9 within its header/);
    expect((await errorOf(() => parseNpy(file.subarray(0, 50)))).message).toMatch(/ends at byte 50, expected its header to end at 128/);
    expect((await errorOf(() => parseNpy(file.subarray(0, 140)))).message).toBe("npy has 12 bytes of data, expected 16 for shape (2) of <f8.");
    const version = file.slice();
    version[6] = 9;
    expect((await errorOf(() => parseNpy(version))).message).toMatch(/version 9, expected 1, 2 or 3/);
  });

  it("writes what it reads, of every type and shape", () => {
    const arrays: fc.Arbitrary<NpyData> = fc.oneof(
      fc.float64Array(),
      fc.float32Array(),
      fc.int8Array(),
      fc.uint8Array(),
      fc.int16Array(),
      fc.uint16Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.bigInt64Array(),
      fc.bigUint64Array(),
      fc.array(fc.string({ unit: "binary", maxLength: 9 }).filter((text) => !text.endsWith("\0"))),
    );
    fc.assert(
      fc.property(arrays, (data) => {
        const file = writeNpy(data);
        expect(file.length - (ArrayBuffer.isView(data) ? data.byteLength : 0)).toSatisfy((rest: number) => !ArrayBuffer.isView(data) || rest % 64 === 0);
        expect(parseNpy(file).shape).toEqual([data.length]);
        expect(parseNpy(file).data).toEqual(data);
      }),
    );
    expect(parseNpy(writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]))).toEqual({ dtype: "<f8", shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
    expect(parseNpy(writeNpy(Float64Array.of(1), []))).toMatchObject({ shape: [] });
    expect(parseNpy(writeNpy(Uint8Array.of(1, 0), [2], { booleans: true }))).toMatchObject({ dtype: "|b1", data: Uint8Array.of(1, 0) });
  });
});

describe("writeNpz", () => {
  it.each([false, true])("writes archives that are read back (compress: %s), always the same bytes", (compress) => {
    const arrays = { a: Int32Array.of(1, 2), b: { data: Float64Array.of(0.5), shape: [] }, c: undefined, names: ["x", "yz"] };
    const file = writeNpz(arrays, { compress });
    const npz = new Npz(file);
    expect(npz.names).toEqual(["a", "b", "names"]);
    expect(npz.integers("a")).toEqual(Int32Array.of(1, 2));
    expect(npz.number("b")).toBe(0.5);
    expect(npz.strings("names")).toEqual(["x", "yz"]);
    expect(writeNpz(arrays, { compress })).toEqual(file);
  });

  it("does not turn numbers into strings, nor lists into numbers", async () => {
    const npz = new Npz(writeNpz({ a: Int32Array.of(1, 2), names: ["x"] }));
    expect((await errorOf(() => npz.strings("a"))).message).toMatch(/holds numbers \(<i4\), expected strings/);
    expect((await errorOf(() => npz.floats("names"))).message).toMatch(/holds strings, expected numbers/);
    expect((await errorOf(() => npz.number("a"))).message).toBe('npz array "a" has shape (2), expected a single number.');
  });
});
