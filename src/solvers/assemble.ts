// From a finished run to the answer: signs turned back, one backup of the value for Q, tables with labels.
import { ChoiceTable, type Mdp, StateTable } from "../mdp/index.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import type { Certificate } from "./certify.ts";
import type { Run } from "./run.ts";
import type { Solution, Status } from "./solution.ts";

/** What the tables are made of; in the maximising sense of the problem. */
export type Answer = Pick<Certificate, "lower" | "upper" | "value" | "policy" | "gap" | "tieTolerance">;

export async function assemble<S, A>(mdp: Mdp<S, A>, run: Run, answer: Answer, status: Status): Promise<Solution<S, A>> {
  const { problem, options } = run;
  const { stateCount, stateChoices, choiceCount } = problem.storage;
  const q = new Float64Array(choiceCount);
  const padded = new Float64Array(stateCount + 1);
  padded.set(answer.value);
  let residual = 0;
  await run.eachSlice((from, to) => {
    problem.kernel.q(padded, q, from, to);
    for (let s = from; s < to; s++) {
      const first = stateChoices[s]!;
      const end = stateChoices[s + 1]!;
      if (first === end || !Number.isFinite(padded[s]!)) continue;
      let best = -Infinity;
      for (let c = first; c < end; c++) if (q[c]! > best) best = q[c]!;
      residual = Math.max(residual, Math.abs(best - padded[s]!));
    }
  });
  const minimize = problem.sign === -1;
  const turned = (array: Float64Array) => (minimize ? array.map(negate) : array);
  return {
    mdp,
    status,
    method: run.method,
    device: problem.kernel.name,
    objective: options.objective,
    discount: options.discount,
    epsilon: options.epsilon,
    value: new StateTable(mdp.states, turned(answer.value)),
    q: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, turned(q)),
    policy: Policy.deterministic(policySpace(mdp), answer.policy),
    bounds: {
      lower: new StateTable(mdp.states, turned(minimize ? answer.upper : answer.lower)),
      upper: new StateTable(mdp.states, turned(minimize ? answer.lower : answer.upper)),
    },
    gap: answer.gap,
    residual,
    tieTolerance: answer.tieTolerance,
    sweeps: run.sweeps,
    seconds: run.seconds,
    history: run.history,
  };
}

/** -x, but never -0: a zero reads as a zero. */
function negate(x: number): number {
  return x === 0 ? 0 : -x;
}
