// Several threads at one operator: whoever is there takes the next chunk of states, so that none waits for another that is late.
// The block of memory at `block` is shared by all of them; each has its own instance of this module.
import { changeMax, changeMin, setChange } from "./change";
import { expectations, listedExpectations } from "./expectations";
import { heldSweep, hold } from "./held-sweeps";
import { firstChoice, readModel } from "./model";
import { choiceValues, expectedPolicySweep, greedyWithin, policySweep, sweep } from "./sweeps";

export { changeMax, changeMin, setChange } from "./change";
export { expectations, listedExpectations } from "./expectations";
export { heldSweep, hold } from "./held-sweeps";
export { gaussSeidel, policyGaussSeidel } from "./in-place";
export { choiceValues, expectedPolicySweep, greedyWithin, policySweep, sweep } from "./sweeps";

// The block. Words that different threads write lie in cache lines of their own.
/** i64: how many operators there have been, and in the low half how many chunks of the last are still to be taken. */
const TICKET: usize = 0;
/** i32: chunks done. */
const DONE: usize = 64;
/** i32: threads asleep. */
const SLEEPERS: usize = 128;
/** i32: chunks done by others than the driver, in all. */
export const HELPED: usize = 196;
/** i32: whether the driver sleeps until the last chunk is done. */
const DRIVER_SLEEPS: usize = 192;
/** The operator under way: i32 operator, v, out, policy, from, to, states a chunk, chunks; then `chosen`, and 8 bytes on the f64 tolerance. */
export const TASK: usize = 256;
/** Where the model lies, as `readModel` takes it. */
export const MODEL: usize = 320;
/** Two f64 a chunk: its smallest and largest change. */
const RESULTS: usize = 448;

/** A chunk is taken in far less than a microsecond: no need for more than this many. */
export const MOST_CHUNKS: i32 = 64;

export const SWEEP: i32 = 0;
export const POLICY_SWEEP: i32 = 1;
export const CHOICE_VALUES: i32 = 2;
export const HOLD: i32 = 3;
export const HELD_SWEEP: i32 = 4;
/** Its `out` is the best, its `chosen` and tolerance stand beside the task. */
export const GREEDY_WITHIN: i32 = 6;
/** An operator over rows instead of states. */
export const EXPECTATIONS: i32 = 5;
/** Over a list of rows, which stands where others have the policy. */
export const LISTED_EXPECTATIONS: i32 = 7;
export const EXPECTED_POLICY_SWEEP: i32 = 8;

/** How often to look before going to sleep: some tenths of a millisecond. Waking takes about 50 µs, a look about 5 ns. */
const LOOKS: i32 = 60_000;

/** A thread that finds nothing to do for this long goes home. */
const PATIENCE: i64 = 20_000_000;

/** The driver looks up again after this long, should a thread have been stopped from outside. */
const NAP: i64 = 5_000_000;

let block: usize = 0;
let helps = false;

/** Says where the block is, and reads the model from it. */
export function join(at: usize): void {
  block = at;
  readModel(at + MODEL);
}

/** What a thread of the team does until there has been nothing to do for a while. */
export function serve(at: usize): void {
  join(at);
  helps = true;
  let looks = 0;
  for (;;) {
    const ticket = atomic.load<i64>(block + TICKET);
    if (<i32>ticket > 0) {
      takeChunks();
      looks = 0;
    } else if (++looks > LOOKS) {
      atomic.add<i32>(block + SLEEPERS, 1);
      const outcome = atomic.wait<i64>(block + TICKET, ticket, PATIENCE);
      atomic.sub<i32>(block + SLEEPERS, 1);
      if (outcome == 2) return;
      looks = 0;
    }
  }
}

/** Applies an operator to the states from .. to, in chunks of `size` states, with whoever is there. The driver may sleep where `maySleep`. */
export function share(operator: i32, v: usize, out: usize, policy: usize, from: i32, to: i32, size: i32, maySleep: i32): void {
  const chunks = (to - from + size - 1) / size;
  const task = block + TASK;
  store<i32>(task, operator);
  store<u32>(task, v, 4);
  store<u32>(task, out, 8);
  store<u32>(task, policy, 12);
  store<i32>(task, from, 16);
  store<i32>(task, to, 20);
  store<i32>(task, size, 24);
  store<i32>(task, chunks, 28);
  atomic.store<i32>(block + DONE, 0);
  const last = atomic.load<i64>(block + TICKET);
  atomic.store<i64>(block + TICKET, (((last >> 32) + 1) << 32) | <i64>chunks);
  if (atomic.load<i32>(block + SLEEPERS) > 0) atomic.notify(block + TICKET, -1);
  let least = changeMin;
  let most = changeMax;
  takeChunks();
  let looks = 0;
  for (;;) {
    const done = atomic.load<i32>(block + DONE);
    if (done == chunks) break;
    if (++looks > LOOKS && maySleep) {
      atomic.store<i32>(block + DRIVER_SLEEPS, 1);
      atomic.wait<i32>(block + DONE, done, NAP);
      atomic.store<i32>(block + DRIVER_SLEEPS, 0);
    }
  }
  for (let k = 0; k < chunks; k++) {
    const result = block + RESULTS + ((<usize>k) << 4);
    if (load<f64>(result) < least) least = load<f64>(result);
    if (load<f64>(result, 8) > most) most = load<f64>(result, 8);
  }
  setChange(least, most);
}

/** Takes one chunk after another until none is left. What the task says holds still while a chunk of it is out. */
function takeChunks(): void {
  let ticket = atomic.load<i64>(block + TICKET);
  while (<i32>ticket > 0) {
    const seen = atomic.cmpxchg<i64>(block + TICKET, ticket, ticket - 1);
    if (seen != ticket) {
      ticket = seen;
      continue;
    }
    const task = block + TASK;
    // Another kernel may have taken over the memory since this helper came: another discount, other rewards.
    if (helps) readModel(block + MODEL);
    doChunk(load<i32>(task, 28) - <i32>ticket);
    if (helps) atomic.add<i32>(block + HELPED, 1);
    atomic.add<i32>(block + DONE, 1);
    if (atomic.load<i32>(block + DRIVER_SLEEPS)) atomic.notify(block + DONE, 1);
    ticket = atomic.load<i64>(block + TICKET);
  }
}

function doChunk(k: i32): void {
  const task = block + TASK;
  const operator = load<i32>(task);
  const v = <usize>load<u32>(task, 4);
  const out = <usize>load<u32>(task, 8);
  const policy = <usize>load<u32>(task, 12);
  const first = load<i32>(task, 16);
  const end = load<i32>(task, 20);
  const size = load<i32>(task, 24);
  const from = first + k * size;
  const to = min(end, from + size);
  setChange(Infinity, -Infinity);
  if (operator == SWEEP) sweep(v, out, policy, from, to);
  else if (operator == POLICY_SWEEP) policySweep(v, out, policy, from, to);
  else if (operator == HOLD) hold(policy, from, to);
  else if (operator == HELD_SWEEP) heldSweep(v, out, policy, from, to);
  else if (operator == GREEDY_WITHIN) greedyWithin(v, load<f64>(task, 40), out, <usize>load<u32>(task, 32), policy, from, to);
  else if (operator == EXPECTATIONS) expectations(v, from, to);
  else if (operator == LISTED_EXPECTATIONS) listedExpectations(policy, v, from, to);
  else if (operator == EXPECTED_POLICY_SWEEP) expectedPolicySweep(v, out, policy, from, to);
  else choiceValues(v, out + ((<usize>(firstChoice(from) - firstChoice(first))) << 3), from, to);
  const result = block + RESULTS + ((<usize>k) << 4);
  store<f64>(result, changeMin);
  store<f64>(result, changeMax, 8);
}
