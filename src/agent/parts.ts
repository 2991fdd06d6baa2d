// The parts of an agent, perceive -> describe -> plan -> parse -> execute -> feed back: each typed, each replaceable, each with its default.
import type { AsyncEnv, Awaitable, Step } from "../envs/index.ts";
import { parseAction } from "../llm-prior/parse-action.ts";
import type { ParseAnswer } from "./ask.ts";
import type { Planner } from "./planner.ts";
import { type ComposePrompt, composePrompt } from "./prompt.ts";

/** What happened in one step, for the feedback part. */
export interface Transition<S, A> {
  readonly state: S;
  readonly action: A;
  readonly reward: number;
  readonly next: S;
  readonly stateName: string;
  readonly actionName: string;
  readonly nextName: string;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Why another action than the planner's was taken, if one was. */
  readonly replaced: string | undefined;
}

/**
 * The workflow. S states, A actions, P what perceiving one gives: text, or anything that `describe` puts into words.
 *
 * @example
 * const parts = { planner, perceive: (cell) => sensorsAt(cell), describe: (seen) => `walls: ${seen.walls.join(", ")}` };
 */
export interface AgentParts<S, A, P = string> {
  /** Perceive: the state as the agent senses it. Default: what the environment renders, else the state's label in a sentence. */
  readonly perceive?: ((state: S, index: number) => Awaitable<P>) | undefined;
  /** Describe: what was perceived, in words. Default: text as it stands, anything else as JSON. */
  readonly describe?: ((percept: P, state: S, index: number) => Awaitable<string>) | undefined;
  /** What the agent is to do: the head of the prompt. */
  readonly task?: string | undefined;
  /** The prompt. Default: the planner's own, else `composePrompt`. */
  readonly prompt?: ComposePrompt | undefined;
  /** Plan: a prompt to text, scores or steps. */
  readonly planner: Planner<S, A>;
  /** Parse: text to the position of a name, or undefined. Default `parseAction`: strict. Plans are parsed by `parsePlan`. */
  readonly parse?: ParseAnswer | undefined;
  /** Execute: an action, by its index. Default: the environment's `step`. */
  readonly execute?: ((action: number, env: AsyncEnv<S, A>) => Awaitable<Step>) | undefined;
  /** Feed back: what the agent is told of a step. */
  readonly feedback?: ((transition: Transition<S, A>) => string) | undefined;
}

/** The parts with their defaults filled in; perceiving and describing in one. */
export interface FullParts<S, A> {
  readonly planner: Planner<S, A>;
  readonly observe: (state: S, index: number) => Promise<string>;
  readonly task: string;
  readonly compose: ComposePrompt;
  readonly parse: ParseAnswer;
  readonly execute: (action: number) => Awaitable<Step>;
  readonly feedback: (transition: Transition<S, A>) => string;
}

export function fullParts<S, A, P>(parts: AgentParts<S, A, P>, env: AsyncEnv<S, A>): FullParts<S, A> {
  const { planner, perceive, describe, execute } = parts;
  return {
    planner,
    observe: async (state, index) => {
      if (perceive === undefined) return (await env.render?.()) || `You are at ${env.states.name(index)}.`;
      const percept = await perceive(state, index);
      return describe === undefined ? inWords(percept) : describe(percept, state, index);
    },
    task: parts.task ?? "You act in an environment, one action a turn. Collect as much reward as you can.",
    compose: parts.prompt ?? planner.compose ?? composePrompt,
    parse: parts.parse ?? parseAction,
    execute: execute === undefined ? (action) => env.step(action) : (action) => execute(action, env),
    feedback: parts.feedback ?? tellWhatHappened,
  };
}

function inWords(percept: unknown): string {
  return typeof percept === "string" ? percept : (JSON.stringify(percept) ?? String(percept));
}

function tellWhatHappened<S, A>({ stateName, nextName, reward, replaced, terminated }: Transition<S, A>): string {
  const moved = stateName === nextName ? "You are where you were." : `You came to ${nextName}.`;
  return `${replaced === undefined ? "" : `(${replaced}) `}${moved} Reward ${reward}.${terminated ? " The episode ended." : ""}`;
}
