// Replay: does an environment do again what a trace says it did?

import type { Env } from "../envs/env.ts";
import { EnvProtocolError } from "../errors.ts";
import type { Trace, TraceStep } from "./trace.ts";

/** What a replay found. */
export interface Replay {
  /** Whether every state, reward and ending came out again. */
  readonly holds: boolean;
  /** What differs, the first step first; empty where it holds. */
  readonly reasons: readonly string[];
  /** Steps done again. */
  readonly steps: number;
}

/**
 * Takes a trace's actions again and compares states, rewards and endings. No planner is asked. Where the environment is
 * random the trace must have been made with a seed. It stops at the first difference of states: what follows cannot agree.
 *
 * @example
 * const { trace } = await runAgent({ env: toEnv(maze), planner, seed: 7 });
 * replayTrace(toEnv(maze), trace); // { holds: true, reasons: [], steps: 6 }
 */
export function replayTrace<S, A>(env: Env<S, A>, trace: Trace): Replay {
  const { seed, start } = trace.header;
  const reasons: string[] = [];
  let total = 0;
  const begin = env.reset(seed === undefined ? {} : { seed });
  if (begin.state !== start) return { holds: false, reasons: [`the episode starts in state ${begin.state}, the trace in ${start}.`], steps: 0 };
  let state = begin.state;
  for (const [i, recorded] of trace.steps.entries()) {
    if (recorded.state !== state)
      return {
        holds: false,
        reasons: [...reasons, `step ${recorded.step} is taken in state ${recorded.state}, the environment stands in ${state}.`],
        steps: i,
      };
    const differences = takeAgain(env, recorded);
    if (typeof differences === "string") return { holds: false, reasons: [...reasons, differences], steps: i };
    reasons.push(...differences.reasons);
    total += differences.reward;
    state = differences.next;
    if (differences.next !== recorded.next) return { holds: false, reasons, steps: i + 1 };
  }
  const ended = trace.steps.at(-1);
  if (trace.end.status === "terminated" && ended !== undefined && !ended.terminated) reasons.push("the trace says it terminated, but its last step did not.");
  if (reasons.length === 0 && total !== trace.end.totalReward) reasons.push(`the rewards sum to ${total}, the trace says ${trace.end.totalReward}.`);
  return { holds: reasons.length === 0, reasons, steps: trace.steps.length };
}

/** One step again: what differs, or why it could not be taken. */
function takeAgain<S, A>(env: Env<S, A>, recorded: TraceStep): { readonly reasons: string[]; readonly reward: number; readonly next: number } | string {
  try {
    const { state, reward, terminated, truncated } = env.step(recorded.actionIndex);
    const reasons: string[] = [];
    const compare = (what: string, got: number | boolean, wanted: number | boolean) => {
      if (got !== wanted) reasons.push(`step ${recorded.step}: ${what} is ${got}, the trace says ${wanted}.`);
    };
    compare("next state", state, recorded.next);
    compare("reward", reward, recorded.reward);
    compare("terminated", terminated, recorded.terminated);
    compare("truncated", truncated, recorded.truncated);
    return { reasons, reward, next: state };
  } catch (error) {
    if (error instanceof EnvProtocolError) return `step ${recorded.step}: ${error.message}`;
    throw error;
  }
}
