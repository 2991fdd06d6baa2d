// From an agent's trace to a report's plain data.
import type { AgentSection, AgentStep, PriorSource } from "./report-data.ts";

/** A trace's step: with the questions asked, if the trace holds them. */
interface PlannedStep extends AgentStep {
  readonly actions?: readonly string[] | undefined;
  readonly calls?: readonly { readonly scores?: readonly (number | null)[] | undefined }[] | undefined;
}

/**
 * An agent's run, from what `runAgent` answers.
 *
 * @example
 * agent: agentSection(await runAgent({ env, planner }))
 */
export function agentSection(
  result: {
    readonly status: string;
    readonly totalReward: number;
    readonly trace: {
      readonly header: { readonly planner: string };
      readonly steps: readonly PlannedStep[];
      readonly end: { readonly spent: { readonly modelCalls: number }; readonly failure?: { readonly message: string } };
    };
  },
  source?: PriorSource,
): AgentSection {
  const { header, steps, end } = result.trace;
  return {
    planner: header.planner,
    status: result.status,
    steps: steps.map(withShares),
    totalReward: result.totalReward,
    modelCalls: end.spent.modelCalls,
    failure: end.failure?.message,
    source,
  };
}

/** A step with what its planner's scores say, and without the prompts: a report does not hold those. */
function withShares({ actions, calls, ...step }: PlannedStep): AgentStep {
  const scores = calls?.at(-1)?.scores;
  if (scores === undefined || actions === undefined || scores.length !== actions.length) return step;
  const logs = scores.map((score) => score ?? Number.NEGATIVE_INFINITY);
  const most = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - most), 0);
  const shares = actions.map((action, i) => ({ action, probability: Math.exp((logs[i] ?? Number.NEGATIVE_INFINITY) - most) / total }));
  return { ...step, shares };
}
