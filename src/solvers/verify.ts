// An independent check of an answer: the bounds must be inductive, the value between them, the policy worth at least the lower bound.
import { ShapeError } from "../errors.ts";
import { type Mdp, type Objective, rowOf } from "../mdp/index.ts";
import { CompensatedSum, supNorm, UNIT_ROUNDOFF } from "../numeric/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import { seriesUp } from "./bounds.ts";
import { inducedChain } from "./chain.ts";
import { preciseChanges } from "./choice-changes.ts";
import { checkOptions } from "./options.ts";
import { makeProblem, type Problem } from "./problem.ts";
import { Run } from "./run.ts";
import type { Solution } from "./solution.ts";
import { solve } from "./solve.ts";

/** What an answer claims: the arrays of a solution, or of a result file. */
export interface Claim {
  /** S numbers each. */
  readonly value: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** S choices, -1 in terminal states. */
  readonly choice?: Int32Array | undefined;
  /** C numbers: one backup of `value`. */
  readonly q?: Float64Array | undefined;
  readonly discount?: number | undefined;
  readonly objective?: Objective | undefined;
  /** If given, half of every upper - lower must be at most this. */
  readonly epsilon?: number | undefined;
  readonly gap?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Verification {
  readonly holds: boolean;
  /** What does not hold, with the state that shows it; at most ten lines. */
  readonly reasons: readonly string[];
  /** The widest upper - lower claimed. */
  readonly gap: number;
  /** The bounds are proven up to this much, which is rounding. */
  readonly slack: number;
}

/**
 * Checks an answer against the model, without solving it again (below discount 1): U bounds the optimum if TU <= U, and L the policy's value if T_π L >= L.
 *
 * @remarks Puterman (1994), theorem 6.2.2. All backups are in twice the working precision. Bounds that are inductive up to rounding are accepted, and `slack` says how much that
 *   can be. At discount 1, where TU <= U proves nothing about end components, the model is solved again and the bounds must overlap everywhere.
 * @throws ShapeError where the arrays do not fit the model; OptionError.
 * @example
 * (await verify(robot, best)).holds; // true
 */
export async function verify<S, A>(mdp: Mdp<S, A>, answer: Solution<S, A> | Claim): Promise<Verification> {
  const claim = "bounds" in answer ? claimOf(answer) : answer;
  checkShapes(mdp, claim);
  const options = checkOptions(mdp, { discount: claim.discount, objective: claim.objective, signal: claim.signal });
  // Twice the working precision is not a kernel's: the reference kernel copies nothing.
  const problem = makeProblem(mdp.storage, options.objective, options.discount, { device: "cpu", threads: 1 });
  const run = new Run(problem, options, "policy-evaluation");
  const findings = new Findings((s) => mdp.states.quote(s));
  checkOrder(problem, claim, findings);
  const slack = options.discount < 1 ? await checkInductive(run, claim, findings) : await checkAgain(mdp, claim, findings);
  if (claim.q !== undefined) await checkQ(run, claim, claim.q, findings);
  return { holds: findings.reasons.length === 0, reasons: findings.reasons, gap: widest(claim), slack };
}

function claimOf<S, A>(solution: Solution<S, A>): Claim {
  return {
    value: solution.value.array,
    lower: solution.bounds.lower.array,
    upper: solution.bounds.upper.array,
    choice: solution.policy.choice,
    q: solution.q.array,
    discount: solution.discount,
    objective: solution.objective,
    epsilon: solution.status === "converged" ? solution.epsilon : undefined,
    gap: solution.gap,
  };
}

class Findings {
  readonly reasons: string[] = [];
  readonly #nameOf: (state: number) => string;

  constructor(nameOf: (state: number) => string) {
    this.#nameOf = nameOf;
  }

  add(state: number, what: string): void {
    if (this.reasons.length < 10) this.reasons.push(state < 0 ? what : `state ${this.#nameOf(state)}: ${what}`);
  }
}

function checkShapes<S, A>(mdp: Mdp<S, A>, claim: Claim): void {
  const expect = (name: string, got: number | undefined, expected: number, each: string) => {
    if (got !== undefined && got !== expected) throw new ShapeError(`${name} has ${got} entries, expected ${expected}, one a ${each}.`);
  };
  expect("value", claim.value.length, mdp.stateCount, "state");
  expect("lower", claim.lower.length, mdp.stateCount, "state");
  expect("upper", claim.upper.length, mdp.stateCount, "state");
  expect("policy", claim.choice?.length, mdp.stateCount, "state");
  expect("q", claim.q?.length, mdp.choiceCount, "choice");
}

function widest(claim: Claim): number {
  let gap = 0;
  for (let s = 0; s < claim.lower.length; s++) if (claim.lower[s] !== claim.upper[s]) gap = Math.max(gap, claim.upper[s]! - claim.lower[s]!);
  return gap;
}

/** lower <= value <= upper, terminal states 0, the gap as small as claimed, a choice in every state that has one. */
function checkOrder(problem: Problem, claim: Claim, findings: Findings): void {
  const { stateChoices, terminal, stateCount } = problem.storage;
  const gap = widest(claim);
  if (claim.gap !== undefined && gap > claim.gap * (1 + 4 * UNIT_ROUNDOFF))
    findings.add(-1, `the widest upper - lower is ${gap}, expected at most the gap ${claim.gap}`);
  if (claim.epsilon !== undefined && 0.5 * gap > claim.epsilon * (1 + 4 * UNIT_ROUNDOFF))
    findings.add(-1, `half the gap is ${0.5 * gap}, expected at most epsilon ${claim.epsilon}`);
  for (let s = 0; s < stateCount; s++) {
    const low = claim.lower[s]!;
    const value = claim.value[s]!;
    const high = claim.upper[s]!;
    if (!(low <= value && value <= high)) findings.add(s, `value ${value} is not between lower ${low} and upper ${high}`);
    if (terminal[s] === 1 && !(low === 0 && value === 0 && high === 0))
      findings.add(s, `is terminal with value ${value}, lower ${low}, upper ${high}, expected 0`);
    const c = claim.choice?.[s];
    const open = stateChoices[s] !== stateChoices[s + 1];
    if (c !== undefined && (open ? !(c >= stateChoices[s]! && c < stateChoices[s + 1]!) : c !== -1))
      findings.add(s, `takes choice ${c}, expected ${open ? "one of its own" : "none"}`);
  }
}

/** TU <= U for all choices and T_π L >= L for the policy's, in the maximising sense. Answers the slack. */
async function checkInductive(run: Run, claim: Claim, findings: Findings): Promise<number> {
  const { problem } = run;
  const { stateChoices } = problem.storage;
  const minimize = problem.sign === -1;
  const low = padded(minimize ? claim.upper : claim.lower, problem.sign);
  const high = padded(minimize ? claim.lower : claim.upper, problem.sign);
  const series = seriesUp(problem);
  const above = preciseChanges(problem, high);
  const below = preciseChanges(problem, low);
  const largest = Math.max(supNorm(high), supNorm(low));
  // Bounds are rounded to float64: that alone may break the inequality by a few units in the last place.
  const allowed = 8 * UNIT_ROUNDOFF * largest + above.error + below.error;
  const [upperName, lowerName] = minimize ? ["lower", "upper"] : ["upper", "lower"];
  await run.eachSlice((from, to) => {
    const rises = above.of(from, to);
    const holds = below.of(from, to);
    const offset = stateChoices[from]!;
    for (let s = from; s < to; s++) {
      if (stateChoices[s] === stateChoices[s + 1]) continue;
      let rise = -Infinity;
      let hold = -Infinity;
      for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
        rise = Math.max(rise, rises[c - offset]!);
        if (claim.choice === undefined || claim.choice[s] === c) hold = Math.max(hold, holds[c - offset]!);
      }
      if (!(rise <= allowed)) findings.add(s, `one backup of ${upperName} leaves the bounds by ${rise}: ${upperName} is not a bound`);
      if (!(hold >= -allowed))
        findings.add(
          s,
          `one backup of ${lowerName}${claim.choice === undefined ? "" : " under the policy"} leaves the bounds by ${-hold}: ${lowerName} is not a bound`,
        );
    }
  });
  return allowed * (1 + series);
}

function padded(values: Float64Array, sign: 1 | -1): Float64Array {
  const v = new Float64Array(values.length + 1);
  for (let s = 0; s < values.length; s++) v[s] = sign * values[s]!;
  return v;
}

/** Discount 1: solved again, and the policy evaluated; the claimed bounds must hold both answers. */
async function checkAgain<S, A>(mdp: Mdp<S, A>, claim: Claim, findings: Findings): Promise<number> {
  if (findings.reasons.length > 0) return Infinity;
  const options = { discount: 1, objective: claim.objective, signal: claim.signal, epsilon: Math.max(1e-12, 0.25 * Math.min(1e-6, widest(claim))) };
  const again = await solve(mdp, options);
  meet(claim, again.bounds.lower.array, again.bounds.upper.array, "the optimum", findings);
  if (claim.choice !== undefined && findings.reasons.length === 0) {
    const policy = Policy.deterministic(policySpace(mdp), claim.choice);
    const own = await solve(inducedChain(mdp, policy), options);
    meet(claim, own.bounds.lower.array, own.bounds.upper.array, "the policy's own value", findings);
  }
  return again.gap;
}

function meet(claim: Claim, lower: Float64Array, upper: Float64Array, what: string, findings: Findings): void {
  for (let s = 0; s < lower.length; s++) {
    if (!(claim.lower[s]! <= upper[s]! && claim.upper[s]! >= lower[s]!)) {
      findings.add(s, `lower ${claim.lower[s]} and upper ${claim.upper[s]} do not hold ${what}, which lies between ${lower[s]} and ${upper[s]}`);
    }
  }
}

/** q is one backup of value, up to rounding. */
async function checkQ(run: Run, claim: Claim, q: Float64Array, findings: Findings): Promise<void> {
  const { problem } = run;
  const { storage, discount, sign, widestRow } = problem;
  const total = new CompensatedSum();
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      total.reset();
      let size = Math.abs(storage.reward[c]!);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const t = storage.target[b]!;
        const v = t === storage.stateCount ? 0 : claim.value[t]!;
        total.addProduct(storage.probability[b]!, v);
        size += Math.abs(storage.probability[b]! * v);
      }
      const expected = sign * storage.reward[c]! + discount * total.value;
      if (Number.isFinite(size) && !(Math.abs(q[c]! - expected) <= 2 * (widestRow + 4) * UNIT_ROUNDOFF * size))
        findings.add(s, `q is ${q[c]} where one backup of value is ${expected}`);
    }
    if (s % 65536 === 0) await run.breathe();
  }
}
