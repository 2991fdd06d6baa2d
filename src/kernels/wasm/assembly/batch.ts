// Bellman operators of many columns in AssemblyScript: SIMD over the columns, eight at a time, each probability read once for them.
// Pointers are byte offsets into the memory. The columns are even in number: the caller pads them. Values are (S+1) x columns float64.

let columns: i32 = 0;
let stateChoices: usize = 0;
let choiceRow: usize = 0;
let rowBranches: usize = 0;
let target: usize = 0;
let probability: usize = 0;
let reward: usize = 0;
let sameReward: bool = false;
let discount: usize = 0;
/** What is best so far in each column, as a choice: float64, so that lanes compare it with the rest. */
let chosen: usize = 0;
let changeMin: usize = 0;
let changeMax: usize = 0;

/** Where the model lies; `rows` is 0 where row = choice. */
export function setModel(count: i32, choices: usize, rows: usize, offsets: usize, targets: usize, probabilities: usize): void {
  columns = count;
  stateChoices = choices;
  choiceRow = rows;
  rowBranches = offsets;
  target = targets;
  probability = probabilities;
}

/** Where the columns' numbers lie; `same` where one reward a choice serves all columns. */
export function setColumns(rewards: usize, same: bool, discounts: usize, room: usize, min: usize, max: usize): void {
  reward = rewards;
  sameReward = same;
  discount = discounts;
  chosen = room;
  changeMin = min;
  changeMax = max;
}

@inline
function rowAt(c: i32): usize {
  return rowBranches + ((<usize>(choiceRow == 0 ? c : load<i32>(choiceRow + ((<usize>c) << 2)))) << 2);
}

/** R + γ · sum of a pair of columns, j (in bytes) from the first one. */
@inline
function backup(c: i32, j: usize, sum: v128): v128 {
  const r = sameReward ? v128.load64_splat(reward + ((<usize>c) << 3)) : v128.load(reward + (<usize>c) * ((<usize>columns) << 3) + j);
  return f64x2.add(r, f64x2.mul(v128.load(discount + j), sum));
}

/** Takes a choice's values of a pair of columns into account; a tie goes to the incumbent. */
@inline
function consider(c: i32, j: usize, sum: v128, out: usize, policy: usize): void {
  const q = backup(c, j, sum);
  const best = v128.load(out + j);
  const choice = f64x2.splat(<f64>c);
  const incumbent = f64x2.convert_low_i32x4_s(v128.load64_zero(policy + (j >> 1)));
  const better = f64x2.gt(q, best);
  const kept = v128.and(f64x2.eq(q, best), f64x2.eq(choice, incumbent));
  v128.store(out + j, v128.bitselect(q, best, better));
  v128.store(chosen + j, v128.bitselect(choice, v128.load(chosen + j), v128.or(better, kept)));
}

/** out = Tv over the states from .. to; policy = its greedy choices, S x columns int32. */
export function sweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  const stride = (<usize>columns) << 3;
  for (let s = from; s < to; s++) {
    const entry = stateChoices + ((<usize>s) << 2);
    const first = load<i32>(entry);
    const end = load<i32>(entry, 4);
    const own = (<usize>s) * stride;
    const values = out + own;
    const choices = policy + (own >> 1);
    if (first == end) {
      for (let j: usize = 0; j < stride; j += 16) widen(j, f64x2.splat(0));
      continue;
    }
    for (let j: usize = 0; j < stride; j += 16) v128.store(values + j, f64x2.splat(-Infinity));
    for (let c = first; c < end; c++) {
      const offset = rowAt(c);
      const begin = load<i32>(offset);
      const last = load<i32>(offset, 4);
      let j: usize = 0;
      for (; j + 64 <= stride; j += 64) {
        let a = f64x2.splat(0);
        let b = f64x2.splat(0);
        let d = f64x2.splat(0);
        let e = f64x2.splat(0);
        for (let k = begin; k < last; k++) {
          const p = v128.load64_splat(probability + ((<usize>k) << 3));
          const at = v + (<usize>load<i32>(target + ((<usize>k) << 2))) * stride + j;
          a = f64x2.add(a, f64x2.mul(p, v128.load(at)));
          b = f64x2.add(b, f64x2.mul(p, v128.load(at, 16)));
          d = f64x2.add(d, f64x2.mul(p, v128.load(at, 32)));
          e = f64x2.add(e, f64x2.mul(p, v128.load(at, 48)));
        }
        consider(c, j, a, values, choices);
        consider(c, j + 16, b, values, choices);
        consider(c, j + 32, d, values, choices);
        consider(c, j + 48, e, values, choices);
      }
      for (; j < stride; j += 16) consider(c, j, expect(v + j, stride, begin, last), values, choices);
    }
    for (let j: usize = 0; j < stride; j += 16) {
      v128.store_lane<i64>(choices + (j >> 1), i32x4.trunc_sat_f64x2_s_zero(v128.load(chosen + j)), 0);
      widen(j, f64x2.sub(v128.load(values + j), v128.load(v + own + j)));
    }
  }
}

/** The sum of p v over a row, of a pair of columns. */
@inline
function expect(v: usize, stride: usize, begin: i32, last: i32): v128 {
  let sum = f64x2.splat(0);
  for (let k = begin; k < last; k++) {
    const p = v128.load64_splat(probability + ((<usize>k) << 3));
    sum = f64x2.add(sum, f64x2.mul(p, v128.load(v + (<usize>load<i32>(target + ((<usize>k) << 2))) * stride)));
  }
  return sum;
}

@inline
function widen(j: usize, d: v128): void {
  const min = v128.load(changeMin + j);
  const max = v128.load(changeMax + j);
  v128.store(changeMin + j, v128.bitselect(d, min, f64x2.lt(d, min)));
  v128.store(changeMax + j, v128.bitselect(d, max, f64x2.gt(d, max)));
}

/** out = the policies' own backup of v. */
export function policySweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  const stride = (<usize>columns) << 3;
  for (let s = from; s < to; s++) {
    const entry = stateChoices + ((<usize>s) << 2);
    if (load<i32>(entry) == load<i32>(entry, 4)) continue;
    const own = (<usize>s) * stride;
    for (let j: usize = 0; j < stride; j += 16) {
      const at = policy + ((own + j) >> 1);
      const c = load<i32>(at);
      const other = load<i32>(at, 4);
      const offset = rowAt(c);
      const sum = expect(v + j, stride, load<i32>(offset), load<i32>(offset, 4));
      if (other == c) v128.store(out + own + j, backup(c, j, sum));
      else {
        const second = rowAt(other);
        const tail = expect(v + j, stride, load<i32>(second), load<i32>(second, 4));
        v128.store(out + own + j, v128.shuffle<f64>(backup(c, j, sum), backup(other, j, tail), 0, 3));
      }
    }
  }
}
