// From solvers' answers to a report's plain data.
import { optimalChoices } from "../llm-prior/optimal-choices.ts";
import type { Mdp } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import type { Method, Solution } from "../solvers/solution.ts";
import type { ConvergenceLine, GridPicture, MethodSummary, ModelFacts, PriorState, StateValue, ValueSection } from "./report-data.ts";

/** The first states that a report of a model without a grid holds. */
const FIRST_STATES = 2500;

/**
 * A model's size and settings; a discount given here wins, as it does in a solver's options.
 *
 * @example
 * modelFacts(robot); // { states: 2, actions: 3, choices: 5, branches: 7, discount: 0.9, objective: "maximize" }
 */
export function modelFacts<S, A>(mdp: Mdp<S, A>, discount: number | undefined = mdp.discount): ModelFacts {
  return { states: mdp.stateCount, actions: mdp.actionCount, choices: mdp.choiceCount, branches: mdp.branchCount, discount, objective: mdp.objective };
}

/**
 * A grid of cells as plain data: state = row · columns + column, as mdpkit's grids have it.
 *
 * @example
 * gridPicture(makeBuiltIn("maze").grid);
 */
export function gridPicture(layout: { readonly rows: number; readonly columns: number; readonly cells: readonly string[] }): GridPicture {
  return { rows: layout.rows, columns: layout.columns, cells: layout.cells.slice() };
}

/**
 * A line of the summary table. The value at the start is the expectation over where episodes start.
 *
 * @example
 * methodSummary(await valueIteration(maze), "value iteration");
 */
export function methodSummary<S, A>(solution: Solution<S, A>, name: string = methodName(solution.method)): MethodSummary {
  const { mdp, status, sweeps, residual, gap, seconds } = solution;
  const starts = mdp.initial?.state ?? [];
  const startValue = mdp.initial?.probability.reduce((sum, p, i) => sum + p * solution.value.array[starts[i]!]!, 0);
  return { method: name, status, sweeps, residual, gap, seconds, startValue };
}

/**
 * Values, bounds and the optimal actions of the states, all of them or the first `limit`.
 *
 * @remarks Actions count as equally good where Q differs by no more than the gap: less than that the solver cannot tell.
 * @example
 * valueSection(best, { method: "policy iteration" });
 */
export function valueSection<S, A>(
  solution: Solution<S, A>,
  options: { readonly method?: string | undefined; readonly limit?: number | undefined } = {},
): ValueSection {
  const { method = methodName(solution.method), limit = FIRST_STATES } = options;
  const { mdp, value, bounds } = solution;
  const isOptimal = optimalTest(solution);
  const states: StateValue[] = [];
  for (let s = 0; s < Math.min(mdp.stateCount, limit); s++) {
    const terminal = mdp.storage.terminal[s] === 1;
    const actions = choicesOf(mdp, s)
      .filter((c) => isOptimal(c, s))
      .map((c) => mdp.actions.name(mdp.storage.choiceAction[c]!));
    states.push({
      state: s,
      name: mdp.states.name(s),
      value: value.array[s]!,
      lower: bounds.lower.array[s]!,
      upper: bounds.upper.array[s]!,
      actions,
      ...(terminal ? { terminal } : {}),
    });
  }
  return { method, states, total: mdp.stateCount };
}

/**
 * The gap (or residual) over the sweeps, from a solution's history; its last point is the certified one, rounding included.
 * Left out are entries before any bounds are known, and those that evaluate one policy: their bounds are not the optimum's.
 *
 * @example
 * convergence: { lines: [convergenceLine(byValue, "value iteration"), convergenceLine(byPolicy, "policy iteration")] }
 */
export function convergenceLine<S, A>(
  solution: Solution<S, A>,
  name: string = methodName(solution.method),
  quantity: "gap" | "residual" = "gap",
): ConvergenceLine {
  const { sweeps, history } = solution;
  const entries = history.filter((entry) => entry.sweep < sweeps && Number.isFinite(entry[quantity]) && !entry.stage.startsWith("evaluate"));
  return { name, x: [...entries.map((entry) => entry.sweep), sweeps], y: [...entries.map((entry) => entry[quantity]), solution[quantity]] };
}

/**
 * What a prior says in each non-terminal state, and which of its actions are optimal; all states or the first `limit`.
 *
 * @example
 * priorStates(prior.policy, best);
 */
export function priorStates<S, A>(
  prior: Policy<S, A>,
  solution: Solution<S, A>,
  options: { readonly limit?: number | undefined; readonly regret?: readonly number[] | Float64Array | undefined } = {},
): PriorState[] {
  const { mdp } = solution;
  const isOptimal = optimalTest(solution);
  const probability = prior.probabilities();
  const states: PriorState[] = [];
  for (let s = 0; s < mdp.stateCount && states.length < (options.limit ?? FIRST_STATES); s++) {
    if (mdp.storage.terminal[s] === 1) continue;
    states.push({
      state: s,
      name: mdp.states.name(s),
      actions: choicesOf(mdp, s).map((c) => ({
        action: mdp.actions.name(mdp.storage.choiceAction[c]!),
        probability: probability[c]!,
        optimal: isOptimal(c, s),
      })),
      regret: options.regret?.[s],
    });
  }
  return states;
}

/** A method as people write it. */
function methodName(method: Method): string {
  return method === "gauss-seidel" ? "Gauss-Seidel value iteration" : method.replaceAll("-", " ");
}

/** Whether a choice is optimal as far as the solver can tell; where its gap is not finite, whether it is the policy's own. */
function optimalTest<S, A>(solution: Solution<S, A>): (choice: number, state: number) => boolean {
  if (!Number.isFinite(solution.gap)) return (choice, state) => solution.policy.modeAt(state) === choice;
  const optimal = optimalChoices(solution);
  return (choice) => optimal[choice] === 1;
}

/** The choices of a state. */
function choicesOf<S, A>(mdp: Mdp<S, A>, state: number): number[] {
  const from = mdp.storage.stateChoices[state]!;
  return Array.from({ length: mdp.storage.stateChoices[state + 1]! - from }, (_, i) => from + i);
}
