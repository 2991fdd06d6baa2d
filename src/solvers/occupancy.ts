// How often a policy is where: discounted occupancy, and the stationary distribution in the long run.
import { OptionError, UnsupportedModelError } from "../errors.ts";
import { ChoiceTable, type InitialDistribution, type Mdp, rowOf, StateTable, type Storage } from "../mdp/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { Policy } from "../policies/policy.ts";
import { inducedChain } from "./chain.ts";
import { DIRECT_LIMIT, solveDense } from "./direct.ts";
import { requireDiscount } from "./options.ts";
import { endComponents } from "./total-reward/end-components.ts";

export interface OccupancyOptions {
  readonly discount?: number | undefined;
  /** Where the process starts; by default the model's own start, else uniform over the non-terminal states. */
  readonly initial?: InitialDistribution | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Occupancy<S, A> {
  /** S numbers: Σ_t γ^t P(state at t is s). */
  readonly state: StateTable<S>;
  /** C numbers: the same for each choice. Their product with the expected rewards sums to the value of the start. */
  readonly choice: ChoiceTable<S, A>;
}

/** Where an iteration on a large chain ends: what is left out sums to less than this. */
const TAIL = 1e-13;

/**
 * The discounted occupancy of a policy: expected discounted visits. Terminal states are counted when entered, once.
 *
 * @remarks Puterman (1994), section 6.9: the variables of the dual linear program. Directly up to 300 states, by forward iteration above.
 * @throws OptionError at discount 1, where visits need not be finite.
 * @example
 * const visits = await discountedOccupancy(robot, best.policy);
 * visits.state.at("low");
 */
export async function discountedOccupancy<S, A>(mdp: Mdp<S, A>, policy: Policy<S, A>, options: OccupancyOptions = {}): Promise<Occupancy<S, A>> {
  const discount = requireDiscount(mdp, options.discount);
  if (discount === 1) throw new OptionError("discount", 1, "a number below 1", "expected visits without discount need not be finite.");
  const { storage } = inducedChain(mdp, policy);
  const start = startOf(mdp, options.initial);
  const x =
    storage.stateCount <= DIRECT_LIMIT ? occupancyDirectly(storage, discount, start) : await occupancyBySteps(storage, discount, start, new Pacer(options));
  const weights = policy.probabilities();
  const { stateChoices } = mdp.storage;
  for (let s = 0; s < mdp.stateCount; s++) for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) weights[c]! *= x[s]!;
  return { state: new StateTable(mdp.states, x), choice: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, weights) };
}

/**
 * The long-run share of time a policy spends in each state: S numbers that sum to 1. Terminal states keep the process for ever.
 *
 * @remarks Each recurrent class by the method of Grassmann, Taksar and Heyman (1985), which subtracts nothing, up to 500 states; by powers of the lazy chain above.
 *   Where there are several classes, they are weighted by the probability of ending in each from the start.
 * @throws UnsupportedModelError where branches end the process outside a terminal state.
 */
export async function stationaryDistribution<S, A>(
  mdp: Mdp<S, A>,
  policy: Policy<S, A>,
  options: Omit<OccupancyOptions, "discount"> = {},
): Promise<StateTable<S>> {
  const chain = inducedChain<S, A>(mdp, policy);
  const { storage } = chain;
  if (storage.arrival !== undefined)
    throw new UnsupportedModelError(
      "some branches end the process outside a terminal state, expected a process that goes on: it has no stationary distribution.",
    );
  const pacer = new Pacer(options);
  const classes = await endComponents(storage, new Uint8Array(storage.choiceCount).fill(1), () => (pacer.due ? pacer.giveWay() : undefined));
  const classOf = classes.component.slice();
  let count = classes.count;
  for (let s = 0; s < storage.stateCount; s++) if (storage.terminal[s] === 1) classOf[s] = count++;
  const arrives = await absorbed(storage, classOf, count, startOf(mdp, options.initial), pacer);
  const share = new Float64Array(storage.stateCount);
  for (let k = 0; k < count; k++) {
    if (arrives[k] === 0) continue;
    const members: number[] = [];
    for (let s = 0; s < storage.stateCount; s++) if (classOf[s] === k) members.push(s);
    const within =
      members.length === 1 ? Float64Array.of(1) : members.length <= DIRECT_LIMIT ? gth(storage, members) : await lazyPowers(storage, members, pacer);
    for (const [i, s] of members.entries()) share[s] = arrives[k]! * within[i]!;
  }
  return new StateTable(mdp.states, share);
}

/** S probabilities of starting. */
function startOf<S, A>(mdp: Mdp<S, A>, initial: InitialDistribution | undefined): Float64Array {
  const start = new Float64Array(mdp.stateCount);
  const given = initial ?? mdp.initial;
  if (given !== undefined) {
    for (const [i, s] of given.state.entries()) start[s]! += given.probability[i]!;
    return start;
  }
  let open = 0;
  for (const flag of mdp.storage.terminal) open += 1 - flag;
  for (let s = 0; s < start.length; s++) if (mdp.storage.terminal[s] === 0) start[s] = 1 / open;
  return start;
}

/** Solves (I - γ P^T) x = start. */
function occupancyDirectly(storage: Storage, discount: number, start: Float64Array): Float64Array {
  const n = storage.stateCount;
  const matrix = new Float64Array(n * n);
  for (let s = 0; s < n; s++) {
    matrix[s * n + s]! += 1;
    eachBranch(storage, s, (t, p) => {
      matrix[t * n + s]! -= discount * p;
    });
  }
  const x = start.slice();
  solveDense(matrix, n, x);
  return x;
}

/** Expected visits of the transient states: solves (I - P^T) x = start on them. */
function visitsOf(storage: Storage, transient: readonly number[], start: Float64Array): Float64Array {
  const n = transient.length;
  const position = new Map(transient.map((s, i) => [s, i]));
  const matrix = new Float64Array(n * n);
  for (const [i, s] of transient.entries()) {
    matrix[i * n + i]! += 1;
    eachBranch(storage, s, (t, p) => {
      const j = position.get(t);
      if (j !== undefined) matrix[j * n + i]! -= p;
    });
  }
  const x = Float64Array.from(transient, (s) => start[s]!);
  solveDense(matrix, n, x);
  return x;
}

async function occupancyBySteps(storage: Storage, discount: number, start: Float64Array, pacer: Pacer): Promise<Float64Array> {
  const total = start.slice();
  let now = start;
  for (let left = 1; left > TAIL * (1 - discount); left *= discount) {
    const next = new Float64Array(storage.stateCount);
    for (let s = 0; s < storage.stateCount; s++) {
      if (now[s] === 0) continue;
      eachBranch(storage, s, (t, p) => {
        next[t]! += discount * now[s]! * p;
      });
    }
    for (let s = 0; s < total.length; s++) total[s]! += next[s]!;
    now = next;
    await pacer.tick();
  }
  return total;
}

/** The branches of a chain's state that go on. */
function eachBranch(storage: Storage, s: number, visit: (target: number, probability: number) => void): void {
  const c = storage.stateChoices[s]!;
  if (c === storage.stateChoices[s + 1]) return;
  const row = rowOf(storage, c);
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    const t = storage.target[b]!;
    if (t < storage.stateCount) visit(t, storage.probability[b]!);
  }
}

/** The probability of ending in each class: from expected visits of the transient states where these are few, step by step where they are many. */
async function absorbed(storage: Storage, classOf: Int32Array, count: number, start: Float64Array, pacer: Pacer): Promise<Float64Array> {
  const arrives = new Float64Array(count);
  const transient: number[] = [];
  for (let s = 0; s < start.length; s++) {
    if (classOf[s]! < 0) transient.push(s);
    else arrives[classOf[s]!]! += start[s]!;
  }
  if (transient.length === 0) return arrives;
  if (transient.length <= DIRECT_LIMIT) {
    for (const [i, x] of visitsOf(storage, transient, start).entries()) {
      eachBranch(storage, transient[i]!, (t, p) => {
        if (classOf[t]! >= 0) arrives[classOf[t]!]! += x * p;
      });
    }
    return arrives;
  }
  arrives.fill(0);
  let now = start.slice();
  for (;;) {
    let moving = 0;
    for (let s = 0; s < now.length; s++) {
      if (classOf[s]! >= 0) {
        arrives[classOf[s]!]! += now[s]!;
        now[s] = 0;
      } else {
        moving += now[s]!;
      }
    }
    if (moving <= TAIL) return arrives;
    const next = new Float64Array(storage.stateCount);
    for (let s = 0; s < now.length; s++) {
      if (now[s] === 0) continue;
      eachBranch(storage, s, (t, p) => {
        next[t]! += now[s]! * p;
      });
    }
    now = next;
    await pacer.tick();
  }
}

/** Stationary distribution of an irreducible class, by censoring its states one after another. */
function gth(storage: Storage, members: readonly number[]): Float64Array {
  const n = members.length;
  const position = new Int32Array(storage.stateCount);
  for (const [i, s] of members.entries()) position[s] = i;
  const p = new Float64Array(n * n);
  for (const [i, s] of members.entries()) {
    eachBranch(storage, s, (t, probability) => {
      p[i * n + position[t]!]! += probability;
    });
  }
  const leaving = new Float64Array(n);
  for (let k = n - 1; k > 0; k--) {
    let out = 0;
    for (let j = 0; j < k; j++) out += p[k * n + j]!;
    leaving[k] = out;
    for (let i = 0; i < k; i++) {
      const through = p[i * n + k]! / out;
      if (through === 0) continue;
      for (let j = 0; j < k; j++) p[i * n + j]! += through * p[k * n + j]!;
    }
  }
  const x = new Float64Array(n);
  x[0] = 1;
  let sum = 1;
  for (let k = 1; k < n; k++) {
    let into = 0;
    for (let i = 0; i < k; i++) into += x[i]! * p[i * n + k]!;
    x[k] = into / leaving[k]!;
    sum += x[k]!;
  }
  return x.map((share) => share / sum);
}

async function lazyPowers(storage: Storage, members: readonly number[], pacer: Pacer): Promise<Float64Array> {
  let now = new Float64Array(storage.stateCount);
  for (const s of members) now[s] = 1 / members.length;
  for (let moved = Infinity; moved > TAIL; ) {
    const next = new Float64Array(storage.stateCount);
    for (const s of members) {
      next[s]! += 0.5 * now[s]!;
      eachBranch(storage, s, (t, p) => {
        next[t]! += 0.5 * now[s]! * p;
      });
    }
    moved = 0;
    for (const s of members) moved += Math.abs(next[s]! - now[s]!);
    now = next;
    await pacer.tick();
  }
  return Float64Array.from(members, (s) => now[s]!);
}
