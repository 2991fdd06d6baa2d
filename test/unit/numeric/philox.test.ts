// Philox4x32-10 against the known answers of its authors (Random123, kat_vectors), and its products against big integers.
import fc from "fast-check";
import { expect, test } from "vitest";
import { multiplyHigh, philox4x32 } from "../../../src/numeric/index.ts";

const word = fc.integer({ min: 0, max: 0xffffffff });

function draw(counter: readonly number[], key: readonly number[]): string[] {
  const out = new Uint32Array(4);
  const [a = 0, b = 0, c = 0, d = 0] = counter;
  philox4x32(a, b, c, d, key[0] ?? 0, key[1] ?? 0, out);
  return Array.from(out, (x) => x.toString(16).padStart(8, "0"));
}

test.each([
  [
    [0, 0, 0, 0],
    [0, 0],
    ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"],
  ],
  [Array(4).fill(0xffffffff), Array(2).fill(0xffffffff), ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"],
  ],
])("counter %j under key %j", (counter, key, expected) => {
  expect(draw(counter as number[], key as number[])).toEqual(expected);
});

test("the high half of a product is exact", () => {
  fc.assert(fc.property(word, word, (a, b) => multiplyHigh(a, b) === Number((BigInt(a) * BigInt(b)) >> 32n)));
  expect(multiplyHigh(0xffffffff, 0xffffffff)).toBe(0xfffffffe);
});

test("another counter word or key, another draw", () => {
  const seen = new Set<string>();
  for (let place = 0; place < 6; place++) {
    for (let x = 1; x <= 50; x++) {
      const words = [0, 0, 0, 0, 0, 0];
      words[place] = x;
      seen.add(draw(words.slice(0, 4), words.slice(4)).join());
    }
  }
  expect(seen.size).toBe(300);
});
