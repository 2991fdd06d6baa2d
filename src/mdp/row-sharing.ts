// Finding equal rows while a model is built: in inventory-like models most rows repeat, and a sweep then reads a hundredth of the branches.

/** How many rows are watched before deciding whether looking for repeats pays. */
const PROBATION = 4096;

/** Looking goes on while at least one in so many rows repeats. */
const WORTHWHILE = 4;

/**
 * A hash table of rows over the store's own branch arrays. It gives up for good where, at the end of probation or at a doubling
 * of the table, too few rows have repeated.
 */
export class RowSharing {
  #table: Int32Array = new Int32Array(16384);
  #hashes: Int32Array = new Int32Array(PROBATION);
  #rows = 0;
  #repeats = 0;
  active = true;

  /**
   * The stored row equal to the `length` branches at `from`, or -1; `row` is the number it would get if it is new.
   * During probation repeats are only counted.
   */
  find(row: number, from: number, length: number, rowBranches: Int32Array, target: Int32Array, probability: Float64Array): number {
    this.#rows++;
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
    if (found >= 0) this.#repeats++;
    else this.#insert(slot, row, hash);
    if (this.#rows <= PROBATION) {
      if (this.#rows === PROBATION) this.#reconsider();
      return -1;
    }
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
    if ((row + 1) * 2 <= this.#table.length) return;
    this.#reconsider();
    if (this.active) this.#rehash();
  }

  #reconsider(): void {
    if (this.#repeats * WORTHWHILE >= this.#rows) return;
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
