// The Bellman operators in AssemblyScript: the same loops as the reference kernel, compiled to WebAssembly.
// Pointers are byte offsets into the memory; `choiceRow` and `policy` entries are int32, values float64.

/** The smallest and largest change of the last call, widened from what `resetChange` left. */
export let changeMin: f64 = 0;
export let changeMax: f64 = 0;

export function setChange(min: f64, max: f64): void {
  changeMin = min;
  changeMax = max;
}

let stateChoices: usize = 0;
let choiceRow: usize = 0;
let rowBranches: usize = 0;
let target: usize = 0;
let probability: usize = 0;
let reward: usize = 0;
let discount: f64 = 0;
let width: i32 = 0;

/** Where the model lies. `rows` is 0 where row = choice; `wide` is the number of branches where every row has the same, else 0. */
export function setModel(choices: usize, rows: usize, branches: usize, targets: usize, probabilities: usize, rewards: usize, gamma: f64, wide: i32): void {
  stateChoices = choices;
  choiceRow = rows;
  rowBranches = branches;
  target = targets;
  probability = probabilities;
  reward = rewards;
  discount = gamma;
  width = wide;
}

@inline
function rowOf(c: i32): i32 {
  return choiceRow == 0 ? c : load<i32>(choiceRow + ((<usize>c) << 2));
}

@inline
function firstBranch(row: i32): i32 {
  return width > 0 ? row * width : load<i32>(rowBranches + ((<usize>row) << 2));
}

@inline
function backup(c: i32, v: usize): f64 {
  const row = rowOf(c);
  let b = firstBranch(row);
  const to = firstBranch(row + 1);
  let t = target + ((<usize>b) << 2);
  let p = probability + ((<usize>b) << 3);
  let sum: f64 = 0;
  for (; b < to; b++) {
    sum += load<f64>(p) * load<f64>(v + ((<usize>load<i32>(t)) << 3));
    t += 4;
    p += 8;
  }
  return load<f64>(reward + ((<usize>c) << 3)) + discount * sum;
}

@inline
function backupLoopFree(c: i32, s: i32, v: usize): f64 {
  const row = rowOf(c);
  const to = firstBranch(row + 1);
  let sum: f64 = 0;
  let loop: f64 = 0;
  for (let b = firstBranch(row); b < to; b++) {
    const t = load<i32>(target + ((<usize>b) << 2));
    const p = load<f64>(probability + ((<usize>b) << 3));
    if (t == s) loop += p;
    else sum += p * load<f64>(v + ((<usize>t) << 3));
  }
  const r = load<f64>(reward + ((<usize>c) << 3));
  if (loop == 0) return r + discount * sum;
  const rest = 1 - discount * loop;
  return rest > 0 ? (r + discount * sum) / rest : r + discount * (sum + loop * load<f64>(v + ((<usize>s) << 3)));
}

@inline
function widen(d: f64): void {
  if (d < changeMin) changeMin = d;
  if (d > changeMax) changeMax = d;
}

export function sweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  for (let s = from; s < to; s++) {
    const first = load<i32>(stateChoices + ((<usize>s) << 2));
    const end = load<i32>(stateChoices + ((<usize>(s + 1)) << 2));
    if (first == end) {
      widen(0);
      continue;
    }
    const incumbent = load<i32>(policy + ((<usize>s) << 2));
    let bestChoice = incumbent < 0 ? first : incumbent;
    const start = bestChoice;
    let best = backup(bestChoice, v);
    for (let c = first; c < end; c++) {
      if (c == start) continue;
      const q = backup(c, v);
      if (q > best) {
        best = q;
        bestChoice = c;
      }
    }
    store<f64>(out + ((<usize>s) << 3), best);
    store<i32>(policy + ((<usize>s) << 2), bestChoice);
    widen(best - load<f64>(v + ((<usize>s) << 3)));
  }
}

export function policySweep(v: usize, out: usize, policy: usize, from: i32, to: i32): void {
  for (let s = from; s < to; s++) {
    const c = load<i32>(policy + ((<usize>s) << 2));
    if (c < 0) {
      widen(0);
      continue;
    }
    const q = backup(c, v);
    store<f64>(out + ((<usize>s) << 3), q);
    widen(q - load<f64>(v + ((<usize>s) << 3)));
  }
}

export function gaussSeidel(v: usize, policy: usize, from: i32, to: i32, backwards: i32): void {
  for (let i = from; i < to; i++) {
    const s = backwards ? to - 1 - (i - from) : i;
    const first = load<i32>(stateChoices + ((<usize>s) << 2));
    const end = load<i32>(stateChoices + ((<usize>(s + 1)) << 2));
    if (first == end) {
      widen(0);
      continue;
    }
    const incumbent = load<i32>(policy + ((<usize>s) << 2));
    let bestChoice = incumbent < 0 ? first : incumbent;
    const start = bestChoice;
    let best = backupLoopFree(bestChoice, s, v);
    for (let c = first; c < end; c++) {
      if (c == start) continue;
      const q = backupLoopFree(c, s, v);
      if (q > best) {
        best = q;
        bestChoice = c;
      }
    }
    widen(best - load<f64>(v + ((<usize>s) << 3)));
    store<f64>(v + ((<usize>s) << 3), best);
    store<i32>(policy + ((<usize>s) << 2), bestChoice);
  }
}

export function policyGaussSeidel(v: usize, policy: usize, from: i32, to: i32, backwards: i32): void {
  for (let i = from; i < to; i++) {
    const s = backwards ? to - 1 - (i - from) : i;
    const c = load<i32>(policy + ((<usize>s) << 2));
    if (c < 0) {
      widen(0);
      continue;
    }
    const q = backupLoopFree(c, s, v);
    widen(q - load<f64>(v + ((<usize>s) << 3)));
    store<f64>(v + ((<usize>s) << 3), q);
  }
}

export function choiceValues(v: usize, out: usize, from: i32, to: i32): void {
  const end = load<i32>(stateChoices + ((<usize>to) << 2));
  for (let c = load<i32>(stateChoices + ((<usize>from) << 2)); c < end; c++) store<f64>(out + ((<usize>c) << 3), backup(c, v));
}
