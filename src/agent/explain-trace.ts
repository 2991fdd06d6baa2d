// Explanations for a run that is over: each step of a trace explained, the shield told again how it went.
import { FormatError } from "../errors.ts";
import type { Solution } from "../solvers/solution.ts";
import { explainStep } from "./explain-step.ts";
import type { Shield } from "./shield.ts";
import type { Trace, TraceStep } from "./trace.ts";

/**
 * The trace with an explanation of every step.
 *
 * @param shield the shield of the run, if it had one; it is begun anew, so nothing else may be running behind it.
 * @throws FormatError where a step is none of the solution's model; what `explainStep` and the shield throw.
 * @example
 * const explained = explainTrace(best, readTrace(text));
 * explained.steps[0]?.explanation?.sentence;
 */
export function explainTrace<S, A>(solution: Solution<S, A>, trace: Trace, shield?: Shield<S, A>): Trace {
  const { states, actions } = solution.mdp;
  const within = (index: number, size: number, what: string, step: TraceStep) => {
    if (!(index >= 0 && index < size)) throw new FormatError(`step ${step.step} of the trace has ${what} ${index}, expected one of the model's ${size}.`);
    return index;
  };
  const steps = trace.steps.map((step, i): TraceStep => {
    const state = states.at(within(step.state, states.size, "state", step));
    const taken = actions.at(within(step.actionIndex, actions.size, "action", step));
    const next = states.at(within(step.next, states.size, "state", step));
    if (i === 0) shield?.begin?.(state);
    const scores = step.calls?.at(-1)?.scores;
    const wanted =
      step.parsed === null ? undefined : solution.mdp.feasibleActions(state).find((action) => actions.name(actions.indexOf(action)) === step.parsed);
    const explanation = explainStep(solution, { state, taken, wanted, scores, planner: trace.header.planner, shield });
    shield?.took?.(state, taken, next);
    return { ...step, explanation };
  });
  return { ...trace, steps };
}
