// Seeded random numbers: a stream is named by a string or number (seedrandom turns the name into a seed), sfc32 runs the hot loops.
import seedrandom from "seedrandom";

/** What names a stream of random numbers. */
export type Seed = string | number;

/** Everything needed to go on with a stream: four 32-bit words. */
export type RngState = readonly [number, number, number, number];

/**
 * The generator sfc32 (Chris Doty-Humphrey's Small Fast Chaotic, 128 bits of state, passes PractRand).
 *
 * Draws that decide something compare integers (`uint32() < threshold`), so the same seed gives the same run everywhere.
 *
 * @example
 * const rng = new Rng("maze-7");
 * rng.below(4); // 0, 1, 2 or 3
 */
export class Rng {
  // `private`, not #: Node 20 runs # fields at half the speed, and this is the hottest loop of sampling.
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** `seed` names the stream: the same name, the same numbers. */
  constructor(seed: Seed | RngState) {
    if (typeof seed === "object") {
      [this.a, this.b, this.c, this.d] = seed.map((word) => word | 0) as [number, number, number, number];
      return;
    }
    const source = seedrandom(`mdpkit:${seed}`);
    this.a = source.int32();
    this.b = source.int32();
    this.c = source.int32();
    this.d = 1;
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** The state, to resume from: `new Rng(rng.state)` continues the stream. */
  get state(): RngState {
    return [this.a, this.b, this.c, this.d];
  }

  /** Goes on from another state: the same object, another place in a stream. */
  set state(words: RngState) {
    this.a = words[0] | 0;
    this.b = words[1] | 0;
    this.c = words[2] | 0;
    this.d = words[3] | 0;
  }

  /** A uniform integer in [0, 2^32). */
  uint32(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** A uniform integer in [0, n), n at most 2^32; unbiased to within n / 2^32. */
  below(n: number): number {
    return Math.floor((this.uint32() * n) / 4294967296);
  }

  /** A uniform float in [0, 1) with 53 random bits. */
  uniform(): number {
    return (this.uint32() * 2097152 + (this.uint32() >>> 11)) / 9007199254740992;
  }

  /** True with probability `p`, decided by comparing integers (p is rounded to 2^-32). */
  chance(p: number): boolean {
    return this.uint32() < p * 4294967296;
  }

  /** An index drawn with the given probabilities (they need not sum to 1 exactly; the last positive one takes the rest). */
  pick(probabilities: ArrayLike<number>, from = 0, to: number = probabilities.length): number {
    let left = this.uniform();
    let last = from;
    for (let i = from; i < to; i++) {
      const p = probabilities[i]!;
      if (!(p > 0)) continue;
      last = i;
      left -= p;
      if (left < 0) return i;
    }
    return last;
  }

  /** A stream of its own, named after this one's state and `name`. */
  fork(name: Seed): Rng {
    return new Rng(`${this.uint32()}:${this.uint32()}:${name}`);
  }
}
