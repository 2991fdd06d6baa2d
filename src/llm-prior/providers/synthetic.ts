// No language model at all: a scorer that is right with a set probability, for experiments on what a prior's quality does. Called synthetic wherever shown.
import { OptionError, PriorError } from "../../errors.ts";
import { Rng, type Seed } from "../../numeric/index.ts";
import type { Policy } from "../../policies/policy.ts";
import type { ActionScores, ScoreRequest, Scorer, ScorerInfo } from "../scorer.ts";

export interface SyntheticOptions<S, A> {
  /** What is right: in each state, the actions this policy takes with positive probability. */
  readonly reference: Policy<S, A>;
  /** The probability that a state's answer favours a right action, 0 (always wrong where it can be: harmful) to 1. */
  readonly quality: number;
  /** Names the stream of draws; state s draws from a stream of its own. Default 1. */
  readonly seed?: Seed | undefined;
  /** The probability an answer puts on the action it favours, from 0.5 up; the others share the rest. Default 0.9. */
  readonly confidence?: number | undefined;
}

/**
 * A scorer of set quality. The same seed gives a state the same answer, in whatever order states are asked.
 *
 * @remarks It looks at the state's index, not at the prompt. States that share a prompt share the first one's answer; leave `describe` out in
 *   `elicitPrior` to tell all states apart. Where every action asked about is right it cannot be wrong.
 * @throws OptionError
 * @example
 * const harmful = await elicitPrior(mdp, { scorer: syntheticScorer({ reference: best.policy, quality: 0 }), calibrate: "none" });
 */
export function syntheticScorer<S, A>(options: SyntheticOptions<S, A>): Scorer {
  const { reference, quality } = options;
  const seed = options.seed ?? 1;
  const confidence = options.confidence ?? 0.9;
  if (!(quality >= 0 && quality <= 1)) throw new OptionError("quality", quality, "a number from 0 to 1");
  if (!(confidence >= 0.5 && confidence < 1)) throw new OptionError("confidence", confidence, "a number from 0.5 to below 1");
  const info: ScorerInfo = { source: "synthetic", model: `right with probability ${quality}, seed ${seed}` };
  const probability = reference.probabilities();
  return {
    info: async () => info,
    score: async (request) => answer(request, reference, probability, quality, confidence, seed),
  };
}

function answer<S, A>(
  request: ScoreRequest,
  reference: Policy<S, A>,
  probability: Float64Array,
  quality: number,
  confidence: number,
  seed: Seed,
): ActionScores {
  const [state] = request.states;
  if (state === undefined) throw new PriorError("a synthetic scorer was asked about no state, expected at least one state index.");
  const isRight = rightActions(request, reference, probability, state);
  const right = request.actions.flatMap((_, i) => (isRight[i] === true ? [i] : []));
  const wrong = request.actions.flatMap((_, i) => (isRight[i] === true ? [] : [i]));
  const rng = new Rng(`synthetic:${seed}:${state}`);
  const wished = rng.chance(quality) ? right : wrong;
  const from = wished.length > 0 ? wished : right.length > 0 ? right : wrong;
  const favoured = from[rng.below(from.length)];
  const rest = (1 - confidence) / Math.max(1, request.actions.length - 1);
  const logProbabilities = request.actions.map((_, i) => (request.actions.length === 1 ? 0 : Math.log(i === favoured ? confidence : rest)));
  return { logProbabilities, coverage: 1, method: "synthetic", floored: 0, calls: 0 };
}

/** For each action asked about, whether the reference takes it. */
function rightActions<S, A>(request: ScoreRequest, reference: Policy<S, A>, probability: Float64Array, state: number): boolean[] {
  const { choices, actions } = reference.space;
  const taken = new Set<string>();
  for (let c = choices.stateChoices[state]!; c < choices.stateChoices[state + 1]!; c++) {
    if (probability[c]! > 0) taken.add(actions.name(choices.choiceAction[c]!));
  }
  return request.actions.map((label) => taken.has(label));
}
