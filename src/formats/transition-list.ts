// Transitions as a file lists them, in any order, and how they become choices of a model.
import { InvalidModelError } from "../errors.ts";
import { GrowableFloat64, GrowableInt32 } from "../mdp/growable.ts";
import type { Label, LabelIndex, Storage } from "../mdp/index.ts";
import { MdpBuilder } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";
import { SeenTargets } from "../mdp/seen-targets.ts";
import type { Pacer } from "../platform/pacer.ts";

/** Transitions in flat arrays, by index in the file. A transition whose `next` is -1 spoils its choice: its fault is recorded already. */
export class TransitionList {
  readonly state: GrowableInt32 = new GrowableInt32(1024);
  readonly action: GrowableInt32 = new GrowableInt32(1024);
  readonly next: GrowableInt32 = new GrowableInt32(1024);
  readonly probability: GrowableFloat64 = new GrowableFloat64(1024);
  readonly reward: GrowableFloat64 = new GrowableFloat64(1024);
  /** Where each stands in the text. */
  readonly offset: GrowableInt32 = new GrowableInt32(1024);
  /** Flags of terminated transitions, only if there are any. */
  ends: GrowableInt32 | undefined;

  get length(): number {
    return this.state.length;
  }

  add(state: number, action: number, next: number, probability: number, reward: number, offset: number, ends = false): void {
    if (ends && this.ends === undefined) {
      this.ends = new GrowableInt32(Math.max(1024, this.length * 2));
      for (let i = 0; i < this.length; i++) this.ends.push(0);
    }
    this.state.push(state);
    this.action.push(action);
    this.next.push(next);
    this.probability.push(probability);
    this.reward.push(reward);
    this.offset.push(offset);
    this.ends?.push(ends ? 1 : 0);
  }

  /** The transitions by state, then action, then place in the file. */
  order(stateCount: number): Int32Array {
    const state = this.state.done();
    const action = this.action.done();
    const start = new Int32Array(stateCount + 1);
    for (const s of state) start[s + 1]!++;
    for (let s = 0; s < stateCount; s++) start[s + 1]! += start[s]!;
    const order = new Int32Array(state.length);
    for (let i = 0; i < state.length; i++) order[start[state[i]!]!++] = i;
    // start[s] is now where state s ends.
    for (let s = 0, from = 0; s < stateCount; from = start[s]!, s++) {
      const to = start[s]!;
      for (let k = from + 1; k < to; k++) {
        if (action[order[k]!]! >= action[order[k - 1]!]!) continue;
        order.subarray(from, to).sort((i, j) => action[i]! - action[j]! || i - j);
        break;
      }
    }
    return order;
  }

  /** Pairs [first, second] with equal state, action and next, in the order of the second; spoils their choices. */
  takeDuplicates(order: Int32Array, stateCount: number): [number, number][] {
    const state = this.state.done();
    const action = this.action.done();
    const next = this.next.done();
    const seen = new SeenTargets(stateCount);
    const pairs: [number, number][] = [];
    let group = 0;
    for (let k = 0; k < order.length; k++) {
      const i = order[k]!;
      const before = order[Math.max(0, k - 1)]!;
      if (k === 0 || state[i] !== state[before] || action[i] !== action[before]) group++;
      const to = next[i]!;
      if (to < 0) continue;
      const first = seen.find(to, group);
      if (first >= 0) pairs.push([first, i]);
      else seen.set(to, group, i);
    }
    for (const [, second] of pairs) next[second] = -1;
    return pairs.sort((x, y) => x[1] - y[1]);
  }
}

export interface CompileOptions {
  readonly states: LabelIndex<Label>;
  readonly actions: LabelIndex<Label>;
  /** The terminal states. */
  readonly terminal: ReadonlySet<number>;
  readonly normalize: boolean | undefined;
  /** What reading found wrong; thrown together with what compiling finds. */
  readonly issues: IssueList;
  readonly pacer: Pacer;
}

/**
 * The compiled model of a list in the given order.
 *
 * @throws InvalidModelError with everything wrong; the signal's reason when aborted.
 */
export async function compileTransitions(list: TransitionList, order: Int32Array, options: CompileOptions): Promise<Storage> {
  const { states, actions, terminal, issues, pacer } = options;
  const [state, action, next] = [list.state.done(), list.action.done(), list.next.done()];
  const [probability, reward, ends] = [list.probability.done(), list.reward.done(), list.ends?.done()];
  const builder = new MdpBuilder(states, actions, { normalize: options.normalize });
  for (const { where, got, expected, hint } of issues.issues) builder.issue(where, got, expected, hint);
  let k = 0;
  for (let s = 0; s < states.size; s++) {
    if (s % 1024 === 0) await pacer.tick();
    builder.state();
    if (terminal.has(s)) builder.terminal();
    let current = -1;
    for (; k < order.length && state[order[k]!] === s; k++) {
      const i = order[k]!;
      if (action[i] !== current) {
        current = action[i]!;
        builder.choice(current);
      }
      if (next[i]! < 0) builder.skipChoice();
      else builder.branch(next[i]!, probability[i]!, reward[i]!, ends !== undefined && ends[i] === 1);
    }
  }
  try {
    return builder.finish();
  } catch (error) {
    const uncounted = issues.total - issues.issues.length;
    if (!(error instanceof InvalidModelError) || uncounted === 0) throw error;
    throw new InvalidModelError(error.issues, error.total + uncounted);
  }
}

/**
 * A file may claim far more states than it has transitions, and then some of them have no choice: they are named here,
 * before memory for that many states is asked for.
 *
 * @throws InvalidModelError
 */
export function refuseEmptyStates(list: TransitionList, states: LabelIndex<Label>, terminal: ReadonlySet<number>, issues: IssueList): void {
  if (states.size <= list.length + terminal.size + 1_000_000) return;
  const known = new Set<number>(terminal);
  for (const s of list.state.done()) known.add(s);
  const missing = states.size - known.size;
  const found = [...issues.issues];
  for (let s = 0, named = 0; named < 10; s++) {
    if (known.has(s)) continue;
    named++;
    found.push({
      where: `state ${states.quote(s)}`,
      got: "has no choice",
      expected: "at least one choice",
      hint: "list it as terminal if episodes end there.",
    });
  }
  throw new InvalidModelError(found, issues.total + missing);
}
