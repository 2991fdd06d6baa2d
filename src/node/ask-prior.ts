// The prior of a model as the commands ask for it: from a server, or from the recording that comes with mdpkit.
import {
  type AnswerCache,
  type AskProgress,
  elicitPrior,
  gridPrompts,
  type Prior,
  type PromptExample,
  replayScorer,
  type Scorer,
  seedMazeRecording,
} from "../llm-prior/index.ts";
import type { Label } from "../mdp/index.ts";
import { UsageError } from "./exit.ts";
import { plural, short } from "./format-number.ts";
import { answerCache, type LlmSettings, serverScorer } from "./llm-options.ts";
import type { LoadedModel } from "./load-model.ts";
import type { Progress } from "./progress.ts";
import type { World } from "./world.ts";

/** The maze of which there is a recording. */
export const SEED_MAZE = "maze:0000/1101/0000/1010";

export interface AskWishes {
  /** What there is to do; by default the built-in's own words. */
  readonly task?: string | undefined;
  /** Default true: blocked moves keep no more than the floor. */
  readonly mask?: boolean | undefined;
  /** Default true: the model's leaning to some actions, whatever the state, is taken away. */
  readonly calibrate?: boolean | undefined;
  /** As of `elicitPrior`. */
  readonly lengthNormalise?: boolean | undefined;
  readonly temperature?: number | undefined;
  readonly floor?: number | undefined;
  readonly progress?: Progress | undefined;
}

/** Who answers, with the cache of its answers. */
export interface Source {
  readonly scorer: Scorer;
  readonly cache: AnswerCache | undefined;
}

/**
 * The server of --llm; without one the recording, where the model is the maze it was made of.
 *
 * @throws UsageError for any other model without a server.
 */
export function sourceOf(world: World, model: LoadedModel, llm: LlmSettings): Source {
  if (llm.url !== undefined) return { scorer: serverScorer(world, llm.url, llm), cache: answerCache(world, llm) };
  if (model.builtIn?.spec !== SEED_MAZE) {
    throw new UsageError("--llm is missing, expected an OpenAI-compatible server.", {
      hint: "the recording that comes with mdpkit is of the seed maze alone: mdpkit prior maze.",
    });
  }
  return { scorer: replayScorer(seedMazeRecording), cache: undefined };
}

/** What every prompt of a model begins with. */
export function promptOf(model: LoadedModel, task?: string): { readonly task: string | undefined; readonly examples: readonly PromptExample[] | undefined } {
  const { builtIn } = model;
  return { task: task ?? builtIn?.task, examples: builtIn !== undefined && hasGridMoves(model) ? gridPrompts.examples : undefined };
}

/**
 * Asks for a prior.
 *
 * @throws UsageError without a server or recording; PriorError (3) where the server fails.
 */
export async function askPrior(world: World, model: LoadedModel, llm: LlmSettings, wishes: AskWishes = {}): Promise<Prior<Label, Label>> {
  const { progress } = wishes;
  const { builtIn } = model;
  return elicitPrior(model.mdp, {
    ...sourceOf(world, model, llm),
    ...promptOf(model, wishes.task),
    describe: builtIn === undefined ? undefined : (state) => builtIn.describe(state),
    mask: wishes.mask === false ? false : "blocked",
    calibrate: wishes.calibrate === false ? "none" : hasGridMoves(model) ? gridPrompts.calibrate : "batch",
    lengthNormalise: wishes.lengthNormalise,
    temperature: wishes.temperature,
    floor: wishes.floor,
    concurrency: llm.concurrency,
    budget: llm.budget,
    price: llm.price,
    signal: world.signal,
    onProgress: (state) => progress?.bar(state.answered / state.prompts, progressWords(state)),
  }).finally(() => progress?.clear());
}

function progressWords({ calls, cost, secondsLeft }: AskProgress): string {
  const left = secondsLeft === undefined ? "" : `, about ${plural(Math.ceil(secondsLeft), "second")} left`;
  return `the model's answers, ${plural(calls, "call")}${cost > 0 ? `, ${short(cost, 3)} of money` : ""}${left}`;
}

/** The examples are of mazes: they help where the actions are the same four moves. */
function hasGridMoves({ mdp, builtIn }: LoadedModel): boolean {
  return builtIn?.grid !== undefined && mdp.actions.toArray().map(String).sort().join() === "down,left,right,up";
}
