// Finding equal rows while a model is built: in inventory-like models most rows repeat, and a sweep then reads a hundredth of the branches.

/** After so many rows, and each time they have doubled, it is decided whether looking for repeats pays. */
const FIRST_DECISION = 4096;

/** It pays where at least one branch in so many need not be stored. */
const WORTHWHILE = 4;

/** Whether rows are worth sharing where `spared` of `total` branches need not be stored. */
export function sharingPays(spared: number, total: number): boolean {
  return spared * WORTHWHILE >= total;
}

/** A hash table of rows over the store's own branch arrays. It gives up for good where too little repeats. */
export class RowSharing {
  #table: Int32Array = new Int32Array(64);
  #hashes: Int32Array = new Int32Array(32);
  #entries = 0;
  #rows = 0;
  #decision = FIRST_DECISION;
  #branches = 0;
  #spared = 0;
  active = true;

  /** The stored row equal to the `length` branches at `from`, or -1; `row` is the number it gets if it is new. Looking may have ended after it. */
  find(row: number, from: number, length: number, rowBranches: Int32Array, target: Int32Array, probability: Float64Array): number {
    const hash = hashRow(from, length, target, probability);
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    let found = -1;
    for (let entry = this.#table[slot]!; entry !== 0; entry = this.#table[slot]!) {
      const candidate = entry - 1;
      if (this.#hashes[candidate] === hash && sameRow(rowBranches[candidate]!, rowBranches[candidate + 1]!, from, length, target, probability)) {
        found = candidate;
        break;
      }
      slot = (slot + 1) & mask;
    }
    this.#branches += length;
    if (found >= 0) this.#spared += length;
    else this.#insert(slot, row, hash);
    if (++this.#rows === this.#decision) this.#decide();
    return found;
  }

  #insert(slot: number, row: number, hash: number): void {
    this.#table[slot] = row + 1;
    if (row >= this.#hashes.length) {
      const grown = new Int32Array(Math.ceil((row + 1) * 1.5));
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    this.#hashes[row] = hash;
    if (++this.#entries * 2 > this.#table.length) this.#rehash();
  }

  #decide(): void {
    this.#decision *= 2;
    if (sharingPays(this.#spared, this.#branches)) return;
    this.active = false;
    this.#table = new Int32Array(0);
    this.#hashes = new Int32Array(0);
  }

  #rehash(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    const mask = this.#table.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let slot = this.#hashes[entry - 1]! & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = entry;
    }
  }
}

const FLOAT = new Float64Array(1);
const WORDS = new Int32Array(FLOAT.buffer);

function hashRow(from: number, length: number, target: Int32Array, probability: Float64Array): number {
  let hash = length;
  for (let b = from; b < from + length; b++) {
    FLOAT[0] = probability[b]!;
    hash = Math.imul(hash ^ target[b]!, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ WORDS[0]!, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ WORDS[1]!, 0xc2b2ae35);
  }
  return hash ^ (hash >>> 16);
}

function sameRow(from: number, to: number, other: number, length: number, target: Int32Array, probability: Float64Array): boolean {
  if (to - from !== length) return false;
  for (let k = 0; k < length; k++) {
    if (target[from + k] !== target[other + k] || probability[from + k] !== probability[other + k]) return false;
  }
  return true;
}
