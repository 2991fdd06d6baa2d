// From a model of decisions to a language model's advice on it: describe, render, ask once a prompt, calibrate, mask, keep a floor.
import { PriorError } from "../errors.ts";
import { ChoiceTable, type Mdp } from "../mdp/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { Policy, policySpace } from "../policies/policy.ts";
import { type AskProgress, askAll } from "./ask-all.ts";
import type { AskBudget, TokenPrice } from "./ask-budget.ts";
import type { AnswerCache } from "./cache.ts";
import { batchLeaning, meanLeaning, SMALLEST_BATCH, withoutLeaning } from "./calibrate.ts";
import { blockedChoices } from "./masked-prior.ts";
import { checkFloor, DEFAULT_FLOOR, type Prior, writeRow } from "./prior.ts";
import { checkTemperature, type PriorProcessing, perToken } from "./processing.ts";
import type { AnswerForm, PromptParts } from "./prompt.ts";
import { renderRequests } from "./render-requests.ts";
import { type ActionScores, provenance, type ScoreRequest, type Scorer } from "./scorer.ts";

export interface ElicitOptions<S> extends PromptParts {
  readonly scorer: Scorer;
  /** One line of features of a state, given its index and label. States with equal lines cost one call. Default: `state LABEL`. */
  readonly describe?: ((state: number, label: S) => string) | undefined;
  /** How the model is asked to name an action. Default "auto": by label, or by letter where labels begin alike. */
  readonly answer?: AnswerForm | undefined;
  readonly cache?: AnswerCache | undefined;
  /** `true` or `"blocked"`: leave blocked choices (their only successor is the state itself) no more than the floor. Default false. */
  readonly mask?: boolean | "blocked" | undefined;
  /**
   * What a model's leaning to some actions is estimated from, before it is taken away. Lines of features (asked about as well): of states in which, as a
   * whole, no action is favoured. `"batch"` (default): the model's own states, where they make at least 8 different prompts. `"none"`: nothing.
   * A synthetic scorer has no leaning.
   */
  readonly calibrate?: "batch" | "none" | readonly string[] | undefined;
  /** Divide each action's log-probability by its length in tokens, where the scorer tells it. Default false. */
  readonly lengthNormalise?: boolean | undefined;
  /** Divides the scores: above 1 flatter, below 1 sharper. Default 1. */
  readonly temperature?: number | undefined;
  /** The share of probability spread evenly over a state's feasible actions, so that none has probability 0. Default 0.01. */
  readonly floor?: number | undefined;
  /** Prompts stay below this many tokens, estimated from above. Default 1,000. */
  readonly maxTokens?: number | undefined;
  /** Refuse, before the first call, to ask more than this many different prompts. Default 5,000. */
  readonly maxPrompts?: number | undefined;
  /** Questions under way at once. Default 4. */
  readonly concurrency?: number | undefined;
  /** What asking may take; where it is spent a PriorError is thrown, and the same call with a larger budget and the same cache goes on from there. */
  readonly budget?: AskBudget | undefined;
  /** What tokens cost, for `budget.cost` and progress. */
  readonly price?: TokenPrice | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each answer. */
  readonly onProgress?: ((progress: AskProgress) => void) | undefined;
}

/**
 * Asks a scorer for a prior policy.
 *
 * @remarks One prompt a state that is not terminal and has at least two choices; equal prompts are asked once. Row by row: the scorer's log-probabilities,
 *   a token if wished (length normalisation), less each action's leaning (calibration), divided by the temperature, blocked choices masked, softmax, and a
 *   floor. Rows sum to 1. `processing` of the prior says which of these were done.
 * @throws PriorError where the scorer fails, a prompt is too long, there are too many prompts, or no answer names any action; OptionError;
 *   the signal's reason when aborted (answers that came before are in the cache).
 * @example
 * const prior = await elicitPrior(maze.mdp, { scorer, describe: maze.describe, task: maze.task, ...gridPrompts });
 * prior.policy.probability(0, "right");
 */
export async function elicitPrior<S, A>(mdp: Mdp<S, A>, options: ElicitOptions<S>): Promise<Prior<S, A>> {
  const floor = checkFloor(options.floor ?? DEFAULT_FLOOR);
  const temperature = checkTemperature(options.temperature ?? 1);
  const info = await options.scorer.info({ signal: options.signal });
  const calibrate = info.source === "synthetic" ? "none" : (options.calibrate ?? "batch");
  const rendered = await renderRequests(mdp, typeof calibrate === "string" ? [] : calibrate, options);
  const { requests } = rendered;
  const answered = await askAll(requests, { ...options, info });

  const lengthNormalised = options.lengthNormalise === true && answered.scores.every(({ lengths }) => lengths !== undefined);
  const logProbabilities = answered.scores.map((scores) => (lengthNormalised ? perToken(scores) : scores.logProbabilities));
  const { raw, coverage } = spread(mdp, requests, answered.scores, (i) => answered.scores[i]?.logProbabilities ?? []);
  const { raw: told, asked } = spread(mdp, requests, answered.scores, (i) => logProbabilities[i] ?? []);
  if (coverage === 0) {
    throw new PriorError(`${provenance(info)} named no action in any of ${requests.length} answers, expected some probability on the actions.`, {
      hint: "give examples, or a model that follows instructions.",
    });
  }
  const notes = [...rendered.notes];
  if (options.lengthNormalise === true && !lengthNormalised) notes.push("not length-normalised: the scorer does not tell how many tokens its answers take.");
  const { choiceAction, choiceCount, stateChoices, stateCount } = mdp.storage;
  const statePrompts = requests.filter(({ states }) => states.length > 0).length;
  let leaning: Float64Array | undefined;
  if (typeof calibrate !== "string" && calibrate.length > 0)
    leaning = meanLeaning(
      rendered.further.map((i) => logProbabilities[i]!),
      mdp.actionCount,
    );
  else if (calibrate === "batch" && statePrompts >= SMALLEST_BATCH) leaning = batchLeaning(told, asked, choiceAction, mdp.actionCount);
  else if (options.calibrate === "batch" && calibrate === "batch")
    notes.push(`not calibrated: ${statePrompts} different prompts, at least ${SMALLEST_BATCH} are needed.`);
  const scores = leaning === undefined ? told : withoutLeaning(told, asked, choiceAction, leaning);
  if (temperature !== 1) for (let c = 0; c < choiceCount; c++) scores[c] = scores[c]! / temperature;
  let masked: number | undefined;
  if (options.mask === true || options.mask === "blocked") {
    masked = 0;
    for (const [c, flag] of blockedChoices(mdp).entries()) {
      if (flag !== 1) continue;
      scores[c] = Number.NEGATIVE_INFINITY;
      masked++;
    }
  }
  const calibration = leaning === undefined ? "none" : typeof calibrate === "string" ? "batch" : "contextual";
  const processing: PriorProcessing = { lengthNormalised, calibration, temperature, masked, floor };
  const pacer = new Pacer({ signal: options.signal });
  const probability = new Float64Array(choiceCount);
  for (let s = 0; s < stateCount; s++) {
    writeRow(probability, scores, stateChoices[s]!, stateChoices[s + 1]!, floor);
    if (pacer.due) await pacer.tick();
  }
  return {
    policy: Policy.stochastic(policySpace(mdp), probability),
    method: answered.method ?? (info.source === "synthetic" ? "synthetic" : "logprobs"),
    provenance: provenance(info),
    model: info.model,
    recordedAt: info.recordedAt,
    coverage: coverage ?? 1,
    calls: answered.calls,
    cached: answered.cached,
    prompts: requests.length,
    logProbabilities: new ChoiceTable(mdp.states, mdp.actions, mdp.storage, raw),
    leaning,
    processing,
    notes,
  };
}

/** Answers laid out by choice: ln p, which choices were asked about, and the mean coverage over states (undefined if none was asked about). */
function spread<S, A>(
  mdp: Mdp<S, A>,
  requests: readonly ScoreRequest[],
  scores: readonly ActionScores[],
  logProbabilitiesOf: (request: number) => readonly number[],
): { readonly raw: Float64Array; readonly asked: Uint8Array; readonly coverage: number | undefined } {
  const { stateChoices, choiceCount } = mdp.storage;
  const raw = new Float64Array(choiceCount);
  const asked = new Uint8Array(choiceCount);
  let covered = 0;
  let states = 0;
  for (const [i, request] of requests.entries()) {
    const { coverage } = scores[i]!;
    const logProbabilities = logProbabilitiesOf(i);
    for (const s of request.states) {
      raw.set(logProbabilities, stateChoices[s]!);
      asked.fill(1, stateChoices[s]!, stateChoices[s + 1]!);
      covered += coverage;
      states++;
    }
  }
  return { raw, asked, coverage: states === 0 ? undefined : covered / states };
}
