// Ready-made tools: the legal moves, the value of a state, the exact Q of the actions here.
import type { ChoiceTable, StateTable } from "../mdp/index.ts";
import { defineTool, type Tool, type ToolContext } from "./tools.ts";

/**
 * `TOOL legal-moves {}`: the actions this state offers.
 *
 * @example
 * runAgent({ env, planner, tools: [legalMovesTool()] });
 */
export function legalMovesTool(): Tool<unknown, unknown> {
  return defineTool({ name: "legal-moves", description: "the actions you may take here", input: {}, run: (_, { names }) => names });
}

/**
 * `TOOL lookup-value {"state": name}`: the value of a state, null where there is none of that name.
 *
 * @example
 * lookupValueTool(best.value);
 */
export function lookupValueTool<S>(value: StateTable<S>): Tool<unknown, unknown> {
  return defineTool({
    name: "lookup-value",
    description: "how good it is to be in a state",
    input: { state: "string" },
    run: ({ state }) => {
      for (let s = 0; s < value.states.size; s++) if (value.states.name(s) === state) return finite(value.array[s]!);
      return null;
    },
  });
}

/**
 * `TOOL lookup-actions {}`: how good each action here is.
 *
 * @example
 * lookupActionsTool(best.q);
 */
export function lookupActionsTool<S, A>(q: ChoiceTable<S, A>): Tool<S, A> {
  return defineTool({
    name: "lookup-actions",
    description: "how good each action here is",
    input: {},
    run: (_, { state }: ToolContext<S, A>) =>
      [...q.row(state)].map(([action, value]) => ({ action: q.actions.name(q.actions.indexOf(action)), value: finite(value) })),
  });
}

/** JSON has no infinities. */
function finite(x: number): number | string {
  return Number.isFinite(x) ? x : String(x);
}
