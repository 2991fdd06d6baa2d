// The agent loop of the commands: one episode with a language model as planner, and its steps as text.
import { type AgentResult, blockedShield, runAgent, scorerPlanner, type Trace, type TraceRecord, type TraceStep } from "../agent/index.ts";
import { toEnv } from "../envs/index.ts";
import type { Label } from "../mdp/index.ts";
import { askPrior, promptOf, sourceOf } from "./ask-prior.ts";
import { plural, short } from "./format-number.ts";
import { indented } from "./grid-view.ts";
import type { LlmSettings } from "./llm-options.ts";
import type { LoadedModel } from "./load-model.ts";
import type { Progress } from "./progress.ts";
import type { Style } from "./style.ts";
import { triedBefore } from "./tried-before.ts";
import type { World } from "./world.ts";

export interface LoopSettings {
  readonly steps: number;
  readonly seed: number;
  /** Whether moves that surely lead nowhere are replaced. */
  readonly shield: boolean;
  /** Whether the model's leaning to some actions is taken away; that takes asking it about every state first. */
  readonly calibrate: boolean;
  /** Plans of several steps are taken and checked against the model: the longest one. Default: one action at a time. */
  readonly longestPlan?: number | undefined;
  /** Goes on with an earlier run. */
  readonly resume?: Trace | undefined;
  /** Told of every record of the trace as it is made. */
  readonly onRecord?: ((record: TraceRecord) => void | Promise<void>) | undefined;
}

/** Up to this many states they are all asked about for the sake of calibration. */
export const MOST_STATES_ASKED = 256;

/** One episode with the language model as planner. What was tried in a state before counts less there. */
export async function runLoop(
  world: World,
  model: LoadedModel,
  llm: LlmSettings,
  settings: LoopSettings,
  progress: Progress,
  onStep: (step: TraceStep) => void | Promise<void>,
): Promise<AgentResult<Label, Label>> {
  const { mdp, builtIn } = model;
  const { scorer, cache } = sourceOf(world, model, llm);
  const calibrated = settings.calibrate && mdp.stateCount <= MOST_STATES_ASKED;
  const leaning = calibrated ? (await askPrior(world, model, llm, { progress })).leaning : undefined;
  const { planner, tell } = triedBefore(
    await scorerPlanner(scorer, {
      ...promptOf(model),
      cache,
      actions: Array.from({ length: mdp.actionCount }, (_, a) => mdp.actions.name(a)),
      leaning,
    }),
  );
  return runAgent({
    env: toEnv(mdp),
    planner,
    perceive: (_, index) => builtIn?.describe(index) ?? `state ${mdp.states.name(index)}`,
    shield: settings.shield ? blockedShield(mdp) : undefined,
    budgets: { steps: settings.steps },
    seed: settings.seed,
    resume: settings.resume,
    onRecord: settings.onRecord,
    ...(settings.longestPlan === undefined ? {} : { model: mdp, plans: { most: settings.longestPlan } }),
    signal: world.signal,
    onStep: (step) => {
      tell(step);
      return onStep(step);
    },
  });
}

/** One step: what was seen, asked and answered, what was done, and the map. */
export function stepView(model: LoadedModel | undefined, step: TraceStep, style: Style): string {
  const scores = step.calls.at(-1)?.scores;
  const shares =
    scores === undefined
      ? (step.answer ?? "")
      : sharesOf(scores)
          .map((p, i) => `${step.actions[i]} ${Math.round(100 * p)}%`)
          .join(", ");
  const replaced = step.replaced === undefined ? "" : style.yellow(` (${step.parsed ?? "no action"} replaced: ${step.replaced})`);
  const map = model?.builtIn?.grid === undefined ? "" : `\n${indented(model.builtIn.render(step.next), "     ")}`;
  return `${String(step.step + 1).padStart(3)}  sees "${step.observation}"\n     plans ${shares}\n     does ${style.bold(step.action)}${replaced}: ${step.feedback}${map}`;
}

/** Scores as shares that sum to 1. */
export function sharesOf(scores: readonly (number | null)[]): number[] {
  const known = scores.map((score) => score ?? Number.NEGATIVE_INFINITY);
  const most = Math.max(...known);
  const weights = known.map((score) => Math.exp(score - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** How it ended. */
export function endView({ status, totalReward, trace }: AgentResult<Label, Label>, style: Style): string {
  const { spent, blocked, unparsable } = trace.end;
  const notes = [
    plural(spent.steps, "step"),
    `reward ${short(totalReward)}`,
    `${plural(spent.modelCalls, "call")} of a model`,
    ...(blocked > 0 ? [`${plural(blocked, "move")} shielded`] : []),
    ...(unparsable > 0 ? [`${plural(unparsable, "answer")} not usable`] : []),
  ];
  return `${status === "terminated" ? style.green("the episode ended") : style.yellow(`stopped: ${status}`)}: ${notes.join(", ")}`;
}
