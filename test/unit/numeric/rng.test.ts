// Seeded streams: the same name gives the same numbers, a state resumes, draws are uniform.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Rng } from "../../../src/numeric/index.ts";

const take = (rng: Rng, n: number) => Array.from({ length: n }, () => rng.uint32());

/** Pearson's statistic of counts against equal shares. */
function chiSquare(counts: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((sum, n) => sum + n, 0);
  const share = total / counts.length;
  return Array.from(counts).reduce((sum, n) => sum + (n - share) ** 2 / share, 0);
}

/** The value that chi-square with `freedom` degrees of freedom passes once in a million times (Wilson and Hilferty's approximation). */
function onceInAMillion(freedom: number): number {
  const h = 2 / (9 * freedom);
  return freedom * (1 - h + 4.7534 * Math.sqrt(h)) ** 3;
}

describe("streams", () => {
  test("the same name, the same numbers; another name, others", () => {
    expect(take(new Rng("maze-7"), 8)).toEqual(take(new Rng("maze-7"), 8));
    expect(take(new Rng("maze-7"), 8)).not.toEqual(take(new Rng("maze-8"), 8));
    expect(take(new Rng(7), 8)).toEqual(take(new Rng("7"), 8));
  });

  test("are pinned: these numbers may never change, saved runs depend on them", () => {
    expect(take(new Rng("mdpkit"), 4)).toEqual([3296968416, 2204174608, 673982103, 4207954079]);
  });

  test("are sfc32: each draw is its recurrence modulo 2^32", () => {
    const rng = new Rng("recurrence");
    const mod = (x: bigint) => BigInt.asUintN(32, x);
    let [a, b, c, d] = rng.state.map((word) => mod(BigInt(word))) as [bigint, bigint, bigint, bigint];
    for (let i = 0; i < 100; i++) {
      const drawn = mod(a + b + d);
      [a, b, c, d] = [b ^ (b >> 9n), mod(c + (c << 3n)), mod((c << 21n) + (c >> 11n) + drawn), mod(d + 1n)];
      expect(rng.uint32()).toBe(Number(drawn));
    }
  });

  test("resume from a state at any point", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), (seed, n) => {
        const rng = new Rng(seed);
        take(rng, n);
        const resumed = new Rng(JSON.parse(JSON.stringify(rng.state)));
        expect(take(resumed, 5)).toEqual(take(rng, 5));
      }),
    );
  });

  test("forks are streams of their own", () => {
    const a = new Rng(1);
    const b = new Rng(1);
    expect(take(a.fork("x"), 4)).toEqual(take(b.fork("x"), 4));
    expect(take(new Rng(1).fork("x"), 4)).not.toEqual(take(new Rng(1).fork("y"), 4));
    expect(take(new Rng(1).fork("x"), 4)).not.toEqual(take(new Rng(1), 4));
  });
});

describe("draws are uniform", () => {
  test("every bit of uint32 is set half of the time", () => {
    const rng = new Rng("bits");
    const ones = new Float64Array(32);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) {
      const x = rng.uint32();
      for (let bit = 0; bit < 32; bit++) if ((x >>> bit) & 1) ones[bit]! += 1;
    }
    for (const n of ones) expect(Math.abs(n - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
  });

  test("below(n) over its range", () => {
    const rng = new Rng("below");
    const counts = new Float64Array(13);
    for (let i = 0; i < 26_000; i++) counts[rng.below(13)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(onceInAMillion(12));
  });

  test("uniform() over [0, 1), in each of its 53 bits", () => {
    const rng = new Rng("uniform");
    const counts = new Float64Array(64);
    const ones = new Float64Array(53);
    const draws = 20_000;
    let outside = 0;
    for (let i = 0; i < draws; i++) {
      const x = rng.uniform();
      if (!(x >= 0 && x < 1)) outside++;
      counts[Math.floor(x * 64)]! += 1;
      for (let bit = 0, rest = x; bit < 53; bit++) {
        rest *= 2;
        if (rest < 1) continue;
        ones[bit]! += 1;
        rest -= 1;
      }
    }
    expect(outside).toBe(0);
    expect(chiSquare(counts)).toBeLessThan(onceInAMillion(63));
    for (const n of ones) expect(Math.abs(n - draws / 2)).toBeLessThan(5 * Math.sqrt(draws / 4));
  });

  test("pick() follows the probabilities it is given", () => {
    const rng = new Rng("pick");
    const p = [0.5, 0, 0.3, 0.2];
    const counts = new Float64Array(4);
    const draws = 20_000;
    for (let i = 0; i < draws; i++) counts[rng.pick(p)]! += 1;
    expect(counts[1]).toBe(0);
    for (const [i, n] of counts.entries()) expect(Math.abs(n - draws * p[i]!)).toBeLessThan(5 * Math.sqrt(draws / 4));
  });
});

describe("edges", () => {
  test("below(1) is 0; below(2^32) stays in range", () => {
    const rng = new Rng("edge");
    for (let i = 0; i < 1000; i++) {
      expect(rng.below(1)).toBe(0);
      expect(rng.below(2 ** 32)).toBeLessThan(2 ** 32);
      expect(rng.below(2 ** 32 - 1)).toBeLessThan(2 ** 32 - 1);
    }
  });

  test("chance(0) never, chance(1) always", () => {
    const rng = new Rng("chance");
    for (let i = 0; i < 1000; i++) {
      expect(rng.chance(0)).toBe(false);
      expect(rng.chance(1)).toBe(true);
    }
  });

  test("pick gives the rest to the last positive one, within its window", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(new Rng(seed).pick([0.2, 0.2, 0], 0, 3)).toBeLessThan(2);
        expect([2, 3]).toContain(new Rng(seed).pick([1, 1, 0.5, 0.5, 1], 2, 4));
      }),
    );
  });
});
