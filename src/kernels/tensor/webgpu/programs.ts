// The WGSL of the Bellman operators: one fused program each, for models of one shape throughout and for others, with rows of their own and with shared rows.

/** Threads a workgroup. */
export const WORKGROUP = 256;

/** Where a program finds the branches of a choice. */
export interface Shape {
  /** Every state has as many choices of as many branches: no offsets are read. */
  readonly fixed: boolean;
  /** Rows serve many choices: their expectations were computed before, and are read. */
  readonly shared: boolean;
}

/** What the operators are told besides tensors, in this order. Offsets are those of the slab. */
export const UNIFORMS = [
  ["firstItem", "i32"],
  ["itemCount", "i32"],
  ["firstRow", "i32"],
  ["rowsEach", "i32"],
  ["width", "i32"],
  ["lanes", "i32"],
  ["batch", "i32"],
  /** 1 where all problems of a batch have the same rewards, else the batch. */
  ["columns", "i32"],
  ["shift", "f32"],
] as const;

export type UniformName = (typeof UNIFORMS)[number][0];

/** Which items' rows are which, and where the branches of an item lie. */
function rowsOf(fixed: boolean): string {
  if (fixed) {
    return `
fn firstRowOf(item : i32) -> i32 { return item * uniforms.rowsEach; }
fn baseOf(item : i32) -> i32 {
  let slice = item / uniforms.lanes;
  return slice * uniforms.lanes * uniforms.rowsEach * uniforms.width + item - slice * uniforms.lanes;
}
fn startOf(row : i32) -> i32 { return row * uniforms.width; }`;
  }
  return `
fn firstRowOf(item : i32) -> i32 { return items[2 * item]; }
fn baseOf(item : i32) -> i32 { return items[2 * item + 1]; }
fn startOf(row : i32) -> i32 { return rowStart[row]; }`;
}

/** The same where only the choices of an item matter. */
function choicesOf(fixed: boolean): string {
  return `
fn firstRowOf(item : i32) -> i32 { return ${fixed ? "item * uniforms.rowsEach" : "items[2 * item]"}; }`;
}

/** The expectation of v after the next row: `begin` finds the first of an item's rows from `row` on. */
const WALK = `
var<private> at : i32;
fn begin(item : i32, row : i32) { at = baseOf(item) + (startOf(row) - startOf(firstRowOf(item))) * uniforms.lanes; }
fn expectation(row : i32, lane : i32) -> f32 {
  let branches = startOf(row + 1) - startOf(row);
  var sum = 0.0;
  for (var k = 0; k < branches; k++) {
    sum += probability[at] * v[target_[at] * uniforms.batch + lane];
    at += uniforms.lanes;
  }
  return sum;
}`;

const READ_EXPECTATION = `
fn begin(item : i32, row : i32) {}
fn expectation(row : i32, lane : i32) -> f32 { return expected[target_[row] * uniforms.batch + lane]; }`;

/** The rewards begin with the discounts, one a problem. */
const BACKUP = `
fn backup(choice : i32, lane : i32) -> f32 {
  let r = reward[uniforms.batch + choice * uniforms.columns + min(lane, uniforms.columns - 1)];
  return r + reward[lane] * expectation(choice, lane);
}`;

function operators({ fixed, shared }: Shape): string {
  return `${shared ? choicesOf(fixed) : rowsOf(fixed)}${shared ? READ_EXPECTATION : WALK}${BACKUP}`;
}

/** Runs `body` for each item and problem, `out` being where its number goes. */
function eachItem(body: string): string {
  return `
fn main(index : i32) {
  if (index >= uniforms.itemCount * uniforms.batch) { return; }
  let item = index / uniforms.batch;
  let lane = index - item * uniforms.batch;
  let out = uniforms.firstItem * uniforms.batch + index;
  ${body}
}`;
}

/** V = max_c Q. */
export function sweepProgram(shape: Shape): string {
  return `${operators(shape)}${eachItem(`
  let first = firstRowOf(item);
  let end = firstRowOf(item + 1);
  if (first == end) { result[out] = 0.0; return; }
  begin(item, first);
  var best = backup(first, lane);
  for (var choice = first + 1; choice < end; choice++) { best = max(best, backup(choice, lane)); }
  result[out] = best + uniforms.shift;`)}`;
}

/** Q, choice by choice. */
export function qProgram(shape: Shape): string {
  return `${operators(shape)}${eachItem(`
  let first = firstRowOf(item);
  let end = firstRowOf(item + 1);
  if (first == end) { return; }
  begin(item, first);
  for (var choice = first; choice < end; choice++) { result[(uniforms.firstRow + choice) * uniforms.batch + lane] = backup(choice, lane); }`)}`;
}

/** The best choice; a tie keeps the incumbent, if there are some. */
export function greedyProgram(shape: Shape, incumbents: boolean): string {
  return `${operators(shape)}${eachItem(`
  let first = firstRowOf(item);
  let end = firstRowOf(item + 1);
  if (first == end) { result[out] = -1; return; }
  ${incumbents ? "let incumbent = incumbents[out] - uniforms.firstRow;" : ""}
  begin(item, first);
  var chosen = first;
  var best = backup(first, lane);
  for (var choice = first + 1; choice < end; choice++) {
    let q = backup(choice, lane);
    if (q > best${incumbents ? " || (q == best && choice == incumbent)" : ""}) {
      best = q;
      chosen = choice;
    }
  }
  result[out] = chosen + uniforms.firstRow;`)}`;
}

/** V = the backup of the policy's choice. */
export function policySweepProgram(shape: Shape): string {
  const backup = shape.shared ? `${READ_EXPECTATION}${BACKUP}` : operators(shape);
  return `${backup}${eachItem(`
  let choice = incumbents[out] - uniforms.firstRow;
  if (choice < 0) { result[out] = 0.0; return; }
  begin(item, choice);
  result[out] = backup(choice, lane) + uniforms.shift;`)}`;
}

/** Σ p v of every row. */
export function expectationProgram(fixed: boolean): string {
  return `${rowsOf(fixed)}${WALK}${eachItem(`
  begin(item, firstRowOf(item));
  result[out] = expectation(firstRowOf(item), lane);`)}`;
}

/**
 * The smallest and largest of next - v, over the states that a workgroup strides through; or, `again`, of such pairs.
 * Workgroup g of `groups`, problem lane: result[(g·2 + 0 | 1)·batch + lane].
 */
export function changeProgram(again: boolean): string {
  const load = again
    ? `low = min(low, v[2 * i * uniforms.batch + lane]); high = max(high, v[(2 * i + 1) * uniforms.batch + lane]);`
    : `let d = next[i * uniforms.batch + lane] - v[i * uniforms.batch + lane]; low = min(low, d); high = max(high, d);`;
  return `
var<workgroup> lows : array<f32, ${WORKGROUP}>;
var<workgroup> highs : array<f32, ${WORKGROUP}>;
fn main(index : i32) {
  let group = index / ${WORKGROUP};
  let lane = group % uniforms.batch;
  let part = group / uniforms.batch;
  let me = i32(localIndex);
  var low = 3.4e38;
  var high = -3.4e38;
  for (var i = part * ${WORKGROUP} + me; i < uniforms.count; i += uniforms.parts * ${WORKGROUP}) { ${load} }
  lows[me] = low;
  highs[me] = high;
  workgroupBarrier();
  for (var half = ${WORKGROUP / 2}; half > 0; half /= 2) {
    if (me < half) {
      lows[me] = min(lows[me], lows[me + half]);
      highs[me] = max(highs[me], highs[me + half]);
    }
    workgroupBarrier();
  }
  if (me == 0 && part < uniforms.parts) {
    result[2 * part * uniforms.batch + lane] = lows[0];
    result[(2 * part + 1) * uniforms.batch + lane] = highs[0];
  }
}`;
}
