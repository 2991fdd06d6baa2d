// A solution for people: how it ended, values and policy as a grid or as a table of the first states.
import type { Label, StateTable } from "../mdp/index.ts";
import type { Policy } from "../policies/index.ts";
import type { FiniteHorizonSolution, Solution } from "../solvers/index.ts";
import { plural, seconds, short, textTable } from "./format-number.ts";
import { gridView, indented } from "./grid-view.ts";
import type { LoadedModel } from "./load-model.ts";
import type { Style } from "./style.ts";

/** So many states are listed where there is no grid. */
const LISTED = 20;

/** Text of `mdpkit solve` without --json. */
export function solutionView(model: LoadedModel, solution: Solution<Label, Label>, style: Style): string {
  const good = solution.status === "converged";
  const status = good ? style.green("converged") : style.yellow(solution.status);
  return [
    headline(model, `discount ${solution.discount}, ${solution.objective}`, style),
    `${status} by ${solution.method} on ${solution.device}: ${plural(solution.sweeps, "sweep")}, gap ${short(solution.gap, 3)}, residual ${short(solution.residual, 3)}`,
    ...(good
      ? [`every value is within ${short(solution.gap / 2, 3)} of the optimum, rounding included`]
      : [`the bounds hold, but half the gap is above epsilon ${short(solution.epsilon)}`]),
    style.dim(`load ${seconds(model.seconds)}, solve ${seconds(solution.seconds)}`),
    "",
    body(model, solution.value, solution.policy, solution.bounds),
    "",
  ].join("\n");
}

/** Text of `mdpkit solve --horizon` without --json: stage 0. */
export function horizonView(model: LoadedModel, solution: FiniteHorizonSolution<Label, Label>, style: Style): string {
  const first = solution.stages[0];
  const status = solution.status === "converged" ? style.green("solved") : style.yellow(solution.status);
  return [
    headline(model, `discount ${solution.discount}, ${solution.objective}, horizon ${solution.horizon}`, style),
    `${status} by backward induction on ${solution.device}: ${plural(solution.stages.length, "stage")}, every value within ${short(solution.error, 3)} of the exact one`,
    style.dim(`load ${seconds(model.seconds)}, solve ${seconds(solution.seconds)}`),
    "",
    ...(first === undefined ? ["no stage was finished"] : [`with ${solution.stages.length} decisions left:`, body(model, first.value, first.policy)]),
    "",
  ].join("\n");
}

function headline(model: LoadedModel, settings: string, style: Style): string {
  const { mdp } = model;
  return `${style.bold(model.name)}: ${plural(mdp.stateCount, "state")}, ${plural(mdp.choiceCount, "choice")}, ${plural(mdp.branchCount, "branch", "branches")}, ${settings}`;
}

function body(model: LoadedModel, value: StateTable<Label>, policy: Policy<Label, Label>, bounds?: Solution<Label, Label>["bounds"]): string {
  const grid = gridView(model.builtIn, value.array, policy);
  return indented(grid ?? firstStates(model, value, policy, bounds));
}

function firstStates(model: LoadedModel, value: StateTable<Label>, policy: Policy<Label, Label>, bounds: Solution<Label, Label>["bounds"] | undefined): string {
  const { states, actions, storage } = model.mdp;
  const rows: string[][] = [["state", "value", ...(bounds === undefined ? [] : ["lower", "upper"]), "action"]];
  const listed = Math.min(LISTED, states.size);
  for (let s = 0; s < listed; s++) {
    const c = policy.modeAt(s);
    const numbers = [value.array[s]!, ...(bounds === undefined ? [] : [bounds.lower.array[s]!, bounds.upper.array[s]!])].map((x) => short(x, 9));
    rows.push([states.name(s), ...numbers, c < 0 ? "(terminal)" : actions.name(storage.choiceAction[c]!)]);
  }
  const more = states.size - listed;
  return `${textTable(rows, [false, true, ...(bounds === undefined ? [] : [true, true]), false])}${more > 0 ? `\nand ${plural(more, "more state")}: --json or --out FILE for all` : ""}`;
}
