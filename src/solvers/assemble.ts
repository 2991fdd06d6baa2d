// From a finished run to the answer: signs turned back, one backup of the value for Q, tables with labels.
import { ChoiceTable, type Mdp, type Objective, StateTable } from "../mdp/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import { backupOf } from "./backup-of.ts";
import type { Certificate } from "./certify.ts";
import type { Run } from "./run.ts";
import type { Solution, Status } from "./solution.ts";

/** What the tables are made of; in the maximising sense of the problem. */
export type Answer = Pick<Certificate, "lower" | "upper" | "value" | "policy" | "gap" | "tieTolerance">;

export function assemble<S, A>(mdp: Mdp<S, A>, run: Run, answer: Answer, status: Status): Solution<S, A> {
  const { problem, options } = run;
  const minimize = problem.sign === -1;
  const turned = (array: Float64Array) => (minimize ? array.map(negate) : array);
  const value = turned(answer.value);
  let residual: number | undefined;
  const q = new ChoiceTable(mdp.states, mdp.actions, mdp.storage, () => backupOf(mdp, options.discount, value));
  return {
    mdp,
    status,
    method: run.method,
    device: run.device ?? problem.kernel.name,
    threads: problem.kernel.threads,
    objective: options.objective,
    discount: options.discount,
    epsilon: options.epsilon,
    value: new StateTable(mdp.states, value),
    q,
    policy: Policy.deterministic(policySpace(mdp), answer.policy),
    bounds: {
      lower: new StateTable(mdp.states, turned(minimize ? answer.upper : answer.lower)),
      upper: new StateTable(mdp.states, turned(minimize ? answer.lower : answer.upper)),
    },
    gap: answer.gap,
    get residual() {
      residual ??= residualOf(mdp, options.objective, value, q.array);
      return residual;
    },
    tieTolerance: answer.tieTolerance,
    sweeps: run.sweeps,
    seconds: run.seconds,
    history: run.history,
  };
}

/** ‖T value - value‖∞ over the states of finite value. */
function residualOf<S, A>({ storage }: Mdp<S, A>, objective: Objective, value: Float64Array, q: Float64Array): number {
  const { stateCount, stateChoices } = storage;
  const sign = objective === "minimize" ? -1 : 1;
  let residual = 0;
  for (let s = 0; s < stateCount; s++) {
    if (stateChoices[s] === stateChoices[s + 1] || !Number.isFinite(value[s]!)) continue;
    let best = -Infinity;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (sign * q[c]! > best) best = sign * q[c]!;
    residual = Math.max(residual, Math.abs(best - sign * value[s]!));
  }
  return residual;
}

/** -x, but never -0: a zero reads as a zero. */
function negate(x: number): number {
  return x === 0 ? 0 : -x;
}
