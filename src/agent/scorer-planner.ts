// A scorer as planner: a language model's log-probabilities of the actions, live, cached or from a recording.
import { askAll } from "../llm-prior/ask-all.ts";
import type { AnswerCache } from "../llm-prior/cache.ts";
import { type AnswerForm, type PromptExample, promptTemplate, type RenderedPrompt } from "../llm-prior/prompt.ts";
import { provenance, type Scorer } from "../llm-prior/scorer.ts";
import type { ChoiceTable } from "../mdp/index.ts";
import type { Planner } from "./planner.ts";
import type { ComposePrompt } from "./prompt.ts";

export interface ScorerPlannerOptions {
  /** The environment's actions as text, in action order. */
  readonly actions: readonly string[];
  /** What there is to do, the examples and the form of an answer: as for `elicitPrior`. */
  readonly task?: string | undefined;
  readonly examples?: readonly PromptExample[] | undefined;
  readonly answer?: AnswerForm | undefined;
  readonly maxTokens?: number | undefined;
  readonly cache?: AnswerCache | undefined;
  /** What the model is inclined to answer whatever the state, by action: subtracted from its scores. See `leaningOf`. */
  readonly leaning?: readonly number[] | Float64Array | undefined;
}

/**
 * Asks a scorer at each step. Its name is where the answers come from: "recording of MODEL made DATE" for a recording.
 *
 * @remarks Without a prompt stage of `runAgent`'s, the prompts are those of `elicitPrior` with the observation as features (so long as
 *   all examples fit): a recording or a cache made there answers here. They hold no memory: the same observation is the same question.
 *   With a prompt stage, its text is sent as one message. A state with one choice is no question.
 * @throws PriorError
 * @example
 * const planner = await scorerPlanner(openAiCompatible({ baseUrl }), { actions: ["up", "down", "left", "right"], task: maze.task });
 * await runAgent({ env, planner, perceive: (_, index) => maze.describe(index) });
 */
export async function scorerPlanner(scorer: Scorer, options: ScorerPlannerOptions): Promise<Planner<unknown, unknown>> {
  const { actions, task, examples, answer, maxTokens, cache, leaning } = options;
  const info = await scorer.info();
  const template = promptTemplate({ actions, task, examples, answer, maxTokens });
  const offeredAmong = (names: readonly string[]): number[] => names.map((name) => actions.indexOf(name));
  let last: RenderedPrompt | undefined;
  const compose: ComposePrompt = ({ observation, names }) => {
    last = template.render(observation, offeredAmong(names));
    return last.text;
  };
  return {
    name: provenance(info),
    compose,
    plan: async ({ prompt, names, index, signal }) => {
      if (names.length === 1) return { logProbabilities: [0], modelCalls: 0 };
      const rendered: RenderedPrompt = last?.text === prompt ? last : { messages: [{ role: "user", content: prompt }], text: prompt, tokens: 0 };
      const offered = offeredAmong(names);
      const answers = offered.map((a, i) => template.answers[a] ?? names[i] ?? "");
      const answered = await askAll([{ prompt: rendered, actions: names, answers, states: [index] }], { scorer, info, cache, signal });
      const scores = answered.scores[0]?.logProbabilities ?? [];
      return { logProbabilities: scores.map((score, i) => score - (leaning?.[offered[i] ?? -1] ?? 0)), modelCalls: answered.calls };
    },
  };
}

/**
 * What a model is inclined to answer whatever the state: each action's mean log-probability, from a prior's raw scores. Subtracting it is batch
 * calibration (Zhou et al., arXiv 2309.17249), as `elicitPrior` does it.
 *
 * @example
 * const prior = await elicitPrior(maze, { scorer, describe });
 * if (prior.logProbabilities !== undefined) options.leaning = leaningOf(prior.logProbabilities);
 */
export function leaningOf<S, A>(logProbabilities: ChoiceTable<S, A>): Float64Array {
  const { stateChoices, choiceAction } = logProbabilities.choices;
  const sum = new Float64Array(logProbabilities.actions.size);
  const count = new Float64Array(sum.length);
  for (let s = 0; s + 1 < stateChoices.length; s++) {
    // A state with one choice was not asked about.
    if (stateChoices[s + 1]! - stateChoices[s]! < 2) continue;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      sum[choiceAction[c]!]! += logProbabilities.array[c]!;
      count[choiceAction[c]!]! += 1;
    }
  }
  return sum.map((total, a) => (count[a]! > 0 ? total / count[a]! : 0));
}
