// Feedback for a planner that has no memory: what was tried in a state before counts less there, so that it does not run in circles for ever.
import type { Planner, TraceStep } from "../agent/index.ts";

/** By how many nats each try lowers an action's score: two tries outweigh a preference of seven to one. */
const NATS_A_TRY = 1;

/** A planner that is told of the steps taken. */
export interface ToldPlanner {
  readonly planner: Planner<unknown, unknown>;
  /** Tells it of a step, for its next answer. */
  readonly tell: (step: TraceStep) => void;
}

/**
 * Lowers the scores of actions by how often they were taken in the same state in this episode. Answers in text are left as they are.
 *
 * @example
 * const { planner, tell } = triedBefore(await scorerPlanner(scorer, options));
 * await runAgent({ env, planner, onStep: tell });
 */
export function triedBefore(inner: Planner<unknown, unknown>): ToldPlanner {
  const tries = new Map<string, number>();
  const keyOf = (state: number, action: string) => `${state}:${action}`;
  return {
    planner: {
      ...inner,
      plan: async (request) => {
        const answer = await inner.plan(request);
        if (!("logProbabilities" in answer)) return answer;
        const lowered = answer.logProbabilities.map((score, i) => score - NATS_A_TRY * (tries.get(keyOf(request.index, request.names[i] ?? "")) ?? 0));
        return { ...answer, logProbabilities: lowered };
      },
    },
    tell: ({ state, action }) => {
      const key = keyOf(state, action);
      tries.set(key, (tries.get(key) ?? 0) + 1);
    },
  };
}
