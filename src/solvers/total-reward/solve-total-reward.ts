// Discount 1: the expected total reward over all policies, by any of the iterations, to two-sided bounds.
import type { Mdp } from "../../mdp/index.ts";
import { type Answer, assemble } from "../assemble.ts";
import { DIRECT_LIMIT, evaluateDirectly } from "../direct.ts";
import { improvePolicy } from "../improve.ts";
import type { CheckedOptions } from "../options.ts";
import { makeProblem, type Problem } from "../problem.ts";
import { ProgressGuard } from "../progress-guard.ts";
import { renumber } from "../renumber.ts";
import { type Run, solving } from "../run.ts";
import type { Method, Solution, Status } from "../solution.ts";
import { orderOutwards } from "../sweep-order.ts";
import type { Breathe } from "./breathe.ts";
import { certifyTotal, middleOf, type TotalCertificate } from "./certify-total.ts";
import { type Classified, classify } from "./classify.ts";
import { membersOf } from "./quotient.ts";
import { canReach, predecessors } from "./reachability.ts";
import { expandChoice } from "./steer.ts";

/** At most this many evaluation sweeps follow an improving one in place. */
const EVALUATIONS = 8;

/** A policy evaluated by sweeps is improved after this many at the latest: the first one may take very long to end. */
const MOST_EVALUATIONS = 200;

/**
 * Solves an undiscounted model.
 *
 * @remarks First the graph: which states are worth ±Infinity, which end components pay nothing and are merged (`classify`). Then a stochastic shortest path
 *   problem is left, whose Bellman equation has one solution and on which every iteration converges. Sound where plain value iteration stops at a wrong answer.
 * @throws UnsupportedModelError naming the states whose total is not defined or not provable.
 */
export async function solveTotalReward<S, A>(mdp: Mdp<S, A>, options: CheckedOptions, method: Method): Promise<Solution<S, A>> {
  const whole = makeProblem(mdp.storage, options.objective, 1, options);
  return solving(whole, options, method, (run) => solveParts(mdp, run, whole));
}

async function solveParts<S, A>(mdp: Mdp<S, A>, run: Run, whole: Problem): Promise<Solution<S, A>> {
  const { options } = run;
  const parts = await outwards(await classify(whole.storage, (s) => mdp.states.quote(s), run.breathe), run.breathe);
  const infinite = parts.infinite.reduce((n, x) => n + (x === 0 ? 0 : 1), 0);
  run.record("graph", { min: 0, max: 0 }, Infinity, `${parts.free.count} zero-reward end components merged, ${infinite} states of infinite value`);
  const problem = makeProblem(parts.finite.storage, "maximize", 1, options);
  run.switchTo(problem);
  const { certificate, v, status } = await iterate(run, problem, await startOf(whole, parts, options, problem, run.breathe), run.method);
  run.switchTo(whole);
  return assemble(mdp, run, await expand(whole, parts, certificate, v, run.breathe), status);
}

/** The nodes renumbered from the end of the process outwards: in-place sweeps then carry values all the way. */
async function outwards(parts: Classified, breathe: Breathe): Promise<Classified> {
  const { storage, nodeOf, original } = parts.finite;
  const order = await orderOutwards(storage, breathe);
  const position = new Int32Array(storage.stateCount);
  for (const [i, node] of order.entries()) position[node] = i;
  const moved = await renumber(storage, order, breathe);
  const newChoice = new Int32Array(storage.choiceCount);
  for (const [i, c] of moved.oldChoice.entries()) newChoice[c] = i;
  return {
    ...parts,
    finite: { storage: moved.storage, nodeOf: nodeOf.map((node) => (node < 0 ? -1 : position[node]!)), original: moved.oldChoice.map((c) => original[c]!) },
    proper: Int32Array.from(order, (node) => newChoice[parts.proper[node]!]!),
  };
}

interface Start {
  readonly v: Float64Array;
  /** Ends surely from every node. */
  readonly policy: Int32Array;
}

/** The caller's value and policy on the nodes: the policy only where it ends surely, since an endless one cannot be evaluated. */
async function startOf(whole: Problem, parts: Classified, options: CheckedOptions, problem: Problem, breathe: Breathe): Promise<Start> {
  const v = problem.kernel.vector();
  if (options.initialValue !== undefined) {
    for (const [s, node] of parts.finite.nodeOf.entries()) if (node >= 0) v[node] = whole.sign * options.initialValue[s]!;
  }
  if (options.initialChoice === undefined) return { v, policy: parts.proper.slice() };
  const { stateCount, stateChoices, choiceCount } = problem.storage;
  const chosen = new Uint8Array(choiceCount);
  const policy = parts.proper.slice();
  const wanted = new Uint8Array(whole.storage.choiceCount);
  for (const c of options.initialChoice) if (c >= 0) wanted[c] = 1;
  for (let node = 0; node < stateCount; node++) {
    for (let c = stateChoices[node]!; c < stateChoices[node + 1]!; c++) {
      const original = parts.finite.original[c]!;
      if (original >= 0 && wanted[original] === 1) policy[node] = c;
    }
    chosen[policy[node]!] = 1;
  }
  const end = new Uint8Array(stateCount + 1);
  end[stateCount] = 1;
  const { reached } = await canReach(problem.storage, await predecessors(problem.storage, breathe), end, chosen, breathe);
  return { v, policy: reached.every((flag) => flag === 1) ? policy : parts.proper.slice() };
}

interface Outcome {
  readonly certificate: TotalCertificate | undefined;
  readonly v: Float64Array;
  readonly status: Status;
}

/** Iterates by the method asked for until the certificate is tight enough. */
async function iterate(run: Run, problem: Problem, start: Start, method: Method): Promise<Outcome> {
  const { epsilon } = run.options;
  const back = await predecessors(problem.storage, run.breathe);
  const policy = start.policy;
  let v = start.v;
  let spare = problem.kernel.vector();
  const guard = new ProgressGuard(problem);
  const direct = method === "policy-iteration" && problem.storage.stateCount <= DIRECT_LIMIT;
  let target = epsilon;
  let nextCheck = 0;
  for (let iteration = 1; ; iteration++) {
    const size = await step();
    const limit = run.limit;
    const stalled = guard.stalled(size, v);
    if (limit === undefined && !stalled && !(size <= target && iteration >= nextCheck)) continue;
    nextCheck = Math.ceil(iteration * 1.1) + 1;
    const certificate = await certifyTotal(run, problem, back, v, epsilon);
    run.record("certify", { min: 0, max: size }, certificate?.gap ?? Infinity, certificate === undefined ? "no certificate yet" : "certificate");
    if (certificate !== undefined && certificate.error <= epsilon) return { certificate, v, status: "converged" };
    if (limit !== undefined) return { certificate, v, status: limit };
    if (stalled) return { certificate, v, status: "precision" };
    target = Math.min(target, size) / 4;
  }

  /** One iteration of the method; the size of its change. */
  async function step(): Promise<number> {
    if (method === "policy-iteration") return policyStep();
    if (method === "gauss-seidel") {
      const change = await run.gaussSeidel(v, policy);
      const size = Math.max(-change.min, change.max);
      run.record("in-place sweep", change, Infinity);
      for (let i = 0; i < EVALUATIONS && run.limit === undefined; i++) {
        const evaluated = await run.policyGaussSeidel(v, policy);
        if (Math.max(-evaluated.min, evaluated.max) <= 0.1 * size) break;
      }
      return size;
    }
    const change = await run.sweep(v, spare, policy);
    [v, spare] = [spare, v];
    run.record("sweep", change, Infinity);
    if (method === "modified-policy-iteration") {
      for (let i = 0; i < 5 && run.limit === undefined; i++) {
        await run.policySweep(v, spare, policy);
        [v, spare] = [spare, v];
      }
    }
    return Math.max(-change.min, change.max);
  }

  /** Evaluates the policy, directly or by sweeps, and improves it. 0 when evaluated directly and nothing improves. */
  async function policyStep(): Promise<number> {
    let size = 0;
    if (direct && evaluateDirectly(problem, policy, v)) {
      run.sweeps++;
      run.record("evaluate directly", { min: 0, max: 0 }, Infinity);
    } else {
      const evaluation = new ProgressGuard(problem);
      let first = 0;
      for (let k = 0; run.limit === undefined; k++) {
        const change = await run.policyGaussSeidel(v, policy);
        size = Math.max(-change.min, change.max);
        if (k === 0) first = size;
        run.record("evaluate", change, Infinity);
        // A policy that will be improved need not be known to the last digit.
        if (size <= Math.max(target, 0.01 * first) || k >= MOST_EVALUATIONS || evaluation.stalled(size, v)) break;
      }
    }
    const switched = await improvePolicy(run, v, policy);
    return switched > 0 ? Infinity : size;
  }
}

/** From nodes back to states. Without a certificate the finite states' bounds are infinite: nothing is known. */
async function expand(whole: Problem, parts: Classified, certificate: TotalCertificate | undefined, v: Float64Array, breathe: Breathe): Promise<Answer> {
  const { stateCount } = whole.storage;
  const { nodeOf, original, storage } = parts.finite;
  const lower = parts.infinite.slice();
  const upper = parts.infinite.slice();
  const value = parts.infinite.slice();
  const policy = parts.infinitePolicy.slice();
  const members = membersOf(nodeOf, storage.stateCount);
  for (let node = 0; node < storage.stateCount; node++) {
    const states = members[node]!;
    for (const s of states) {
      lower[s] = certificate === undefined ? -Infinity : certificate.lower[node]!;
      upper[s] = certificate === undefined ? Infinity : certificate.upper[node]!;
      value[s] = certificate === undefined ? v[node]! : middleOf(lower[s]!, upper[s]!);
    }
    const choice = certificate === undefined ? parts.proper[node]! : certificate.policy[node]!;
    const goal = original[choice]!;
    if (states.length === 1 && goal >= 0) policy[states[0]!] = goal;
    else await expandChoice(whole.storage, parts.free, states, goal, policy, breathe);
  }
  for (let s = 0; s < stateCount; s++) if (whole.storage.terminal[s] === 1) policy[s] = -1;
  const gap = certificate === undefined ? (storage.stateCount === 0 ? 0 : Infinity) : certificate.gap;
  return { lower, upper, value, policy, gap, tieTolerance: certificate?.tieTolerance ?? 0 };
}
