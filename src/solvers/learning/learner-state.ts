// What a learner saves of itself, as plain JSON data, and the random stream it goes on with.
import { OptionError } from "../../errors.ts";
import type { Objective } from "../../mdp/index.ts";
import { Rng, type RngState, type Seed } from "../../numeric/index.ts";
import type { AgentState } from "./agent.ts";
import type { LearnHistoryEntry } from "./learn-history.ts";

/**
 * Everything a learner needs to go on, as plain JSON data: `JSON.parse(JSON.stringify(state))` resumes as well.
 *
 * Going on from it equals never having stopped, bit for bit, if the run stopped between two episodes or the environment
 * can save itself (`save` and `restore`, as `toEnv` has). Otherwise the episode under way is given up as if it had been
 * cut off there, and a new one starts. What an `Explorer`, a `Schedule` or an evaluation remembers by itself is not saved.
 */
export interface LearnerState {
  readonly version: 1;
  readonly method: string;
  readonly objective: Objective;
  readonly seed: Seed;
  readonly steps: number;
  readonly episodes: number;
  /** How often the environment has been reset. */
  readonly resets: number;
  /** The learner's own random stream. */
  readonly rng: RngState;
  /** Its tables, traces and pending steps; values are negated where the objective is to minimise. */
  readonly agent: AgentState;
  /** What the environment saved of itself, where it can. */
  readonly env?: unknown;
  /** The episode under way: the choice about to be taken, the rewards and steps so far. */
  readonly episode: { readonly choice: number; readonly reward: number; readonly length: number } | null;
  /** Episodes ended since the last entry of the history: how many, their rewards and steps. */
  readonly window: { readonly episodes: number; readonly reward: number; readonly length: number };
  readonly history: readonly LearnHistoryEntry[];
}

/** What of a learner's options names its random numbers. */
interface SeedOptions {
  readonly seed?: Seed | undefined;
  readonly resume?: LearnerState | undefined;
}

/** The seed of a run: the resumed one's, unless told another. @throws OptionError if they differ. */
export function seedOf(options: SeedOptions): Seed {
  const resumed = options.resume?.seed;
  if (resumed !== undefined && options.seed !== undefined && options.seed !== resumed) {
    throw new OptionError("seed", options.seed, `${JSON.stringify(resumed)}, the seed of the resumed state`, "leave seed out when resuming.");
  }
  return options.seed ?? resumed ?? 0;
}

/** The learner's random stream: a new one of the seed's, or the resumed one where it stopped. */
export function learnerRng(options: SeedOptions): Rng {
  return new Rng(options.resume?.rng ?? `${seedOf(options)}:learner`);
}
