// Files of numbers: what is written is read back, across pieces, and as numpy writes it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeNpyFile } from "../../../bench/npy.ts";
import { NpyStream } from "../../../bench/npy-stream.ts";
import { parseNpy } from "../../../src/formats/npy.ts";

const folder = mkdtempSync(join(tmpdir(), "mdpkit-npy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["int32", Int32Array.from({ length: 600_001 }, (_, i) => i * 7 - 3)],
  ["float64", Float64Array.from({ length: 300_001 }, (_, i) => i / 3)],
  ["nothing", new Int32Array(0)],
])("a stream gives the numbers written: %s", (name, data) => {
  const path = join(folder, `${name}.npy`);
  writeNpyFile(path, data);
  const stream = new NpyStream(path);
  expect(stream.length).toBe(data.length);
  const wrong = data.findIndex((x) => stream.next() !== x);
  stream.close();
  expect(wrong).toBe(-1);
});

test("the files are numpy's", () => {
  const path = join(folder, "numpy.npy");
  writeNpyFile(path, Float64Array.of(1.5, -2));
  const read = parseNpy(readFileSync(path));
  expect([read.dtype, read.shape, [...read.data]]).toEqual(["<f8", [2], [1.5, -2]]);
});
