// Plans of several steps: what a planner may answer instead of one action, and how text becomes one. Text can only ever pick listed names.
import { parseAction } from "../llm-prior/parse-action.ts";

/** Actions to be taken one after the other, as indices, and the state the planner says they end in. */
export interface Plan {
  readonly actions: readonly number[];
  /** The index of a state that the plan claims to end in. */
  readonly reach: number | undefined;
}

/** What the names of a plan may be. */
export interface PlanNames {
  /** All actions of the environment, in index order: later steps need not be offered now. */
  readonly actions: readonly string[];
  /** The index of a state by its name; undefined where there is none. */
  readonly state: (name: string) => number | undefined;
  /** The longest plan that is taken. */
  readonly most: number;
}

/** Between the steps of a plan in plain text. */
const SEPARATOR = /\s*(?:,|;|->|→|\n)\s*/;
/** A step's number before it: `1.` or `2)`. */
const NUMBERED = /^\d+[.)]\s+/;

/**
 * The plan that a text is, or undefined where it is none, is longer than allowed, or any of its steps is no action's name.
 *
 * Taken are names separated by commas, semicolons, arrows or line breaks, numbered or not; a JSON array of names; and
 * `{"plan": [names], "reach": state}`.
 *
 * @example
 * parsePlan("right, right, down", names)?.actions;               // [3, 3, 1]
 * parsePlan('{"plan":["right"],"reach":"1"}', names)?.reach;     // 1
 * parsePlan("right, then have a look around", names);            // undefined
 */
export function parsePlan(text: string, names: PlanNames): Plan | undefined {
  const body = text.trim();
  if (body.startsWith("[") || body.startsWith("{")) return fromJson(body, names);
  const parts = body.split(SEPARATOR, names.most + 1).map((part) => part.replace(NUMBERED, ""));
  return planOf(parts, undefined, names);
}

/**
 * The plan of listed names, or undefined where one is unknown or there are none or too many.
 *
 * @example
 * planOf(["right", "down"], "5", names);
 */
export function planOf(steps: readonly string[], reach: string | undefined, names: PlanNames): Plan | undefined {
  if (steps.length === 0 || steps.length > names.most) return undefined;
  const actions: number[] = [];
  for (const step of steps) {
    const action = parseAction(step, names.actions);
    if (action === undefined) return undefined;
    actions.push(action);
  }
  if (reach === undefined) return { actions, reach: undefined };
  const state = names.state(reach);
  return state === undefined ? undefined : { actions, reach: state };
}

function fromJson(text: string, names: PlanNames): Plan | undefined {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (isNames(given)) return planOf(given, undefined, names);
  if (typeof given !== "object" || given === null || !("plan" in given) || !isNames(given.plan)) return undefined;
  const keys = Object.keys(given);
  if (keys.some((key) => key !== "plan" && key !== "reach")) return undefined;
  const reach = "reach" in given ? given.reach : undefined;
  if (typeof reach === "number") return planOf(given.plan, String(reach), names);
  return reach === undefined || typeof reach === "string" ? planOf(given.plan, reach, names) : undefined;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
