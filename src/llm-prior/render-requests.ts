// A model's questions: each state described, states that look alike together, every prompt rendered before the first is asked.
import { OptionError, PriorError } from "../errors.ts";
import type { Mdp } from "../mdp/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { type AnswerForm, estimateTokens, type PromptParts, promptTemplate } from "./prompt.ts";
import type { ScoreRequest } from "./scorer.ts";

export interface RenderOptions<S> extends PromptParts {
  readonly describe?: ((state: number, label: S) => string) | undefined;
  readonly answer?: AnswerForm | undefined;
  readonly maxTokens?: number | undefined;
  readonly maxPrompts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Rendered {
  /** The different questions of the states, then those of `further` that no state asks. */
  readonly requests: readonly ScoreRequest[];
  /** For each line of `further`, the index of its request. */
  readonly further: readonly number[];
  /** What was left out of the prompts, in words. */
  readonly notes: readonly string[];
}

interface Question {
  readonly features: string;
  /** The action indices to choose from. */
  readonly offered: readonly number[];
  readonly states: number[];
}

/**
 * The questions about every state that is not terminal and has at least two choices, and about the lines of features in `further`, which offer
 * every action.
 *
 * @throws PriorError where there are more than `maxPrompts` different ones (default 5,000), or one is too long; OptionError; the signal's
 *   reason when aborted.
 */
export async function renderRequests<S, A>(mdp: Mdp<S, A>, further: readonly string[], options: RenderOptions<S>): Promise<Rendered> {
  const maxPrompts = options.maxPrompts ?? 5000;
  if (!(Number.isInteger(maxPrompts) && maxPrompts >= 1)) throw new OptionError("maxPrompts", maxPrompts, "a positive integer");
  const pacer = new Pacer({ signal: options.signal });
  const labels = Array.from({ length: mdp.actionCount }, (_, a) => mdp.actions.name(a));
  const questions = new Map<string, Question>();
  const ask = (features: string, offered: readonly number[]): Question => {
    const key = JSON.stringify([features, offered]);
    let question = questions.get(key);
    if (question === undefined) {
      if (questions.size >= maxPrompts) {
        throw new PriorError(`the states have more than ${maxPrompts} different descriptions, expected at most maxPrompts.`, {
          hint: "describe states by features that many share, or raise maxPrompts.",
        });
      }
      question = { features, offered, states: [] };
      questions.set(key, question);
    }
    return question;
  };
  const { stateChoices, choiceAction, stateCount } = mdp.storage;
  for (let s = 0; s < stateCount; s++) {
    if (pacer.due) await pacer.tick();
    // One choice is no question.
    if (stateChoices[s + 1]! - stateChoices[s]! < 2) continue;
    const features = options.describe === undefined ? `state ${mdp.states.name(s)}` : options.describe(s, mdp.states.at(s));
    ask(features, Array.from(choiceAction.subarray(stateChoices[s]!, stateChoices[s + 1]!))).states.push(s);
  }
  const all = labels.map((_, a) => a);
  const asked = further.map((features) => ask(features, all));
  const order = [...questions.values()];
  const possible = ({ offered }: Question) => (offered.length === labels.length ? "" : offered.map((a) => labels[a]).join(", "));
  const reserve = order.reduce((most, question) => Math.max(most, estimateTokens(`${question.features}; possible: ${possible(question)}`)), 0);
  const { task, environment, goal, actionSpace, examples, answer, maxTokens } = options;
  const template = promptTemplate({ actions: labels, task, environment, goal, actionSpace, examples, answer, maxTokens, reserve });
  const requests: ScoreRequest[] = [];
  for (const { features, offered, states } of order) {
    if (pacer.due) await pacer.tick();
    requests.push({
      prompt: template.render(features, offered),
      actions: offered.map((a) => labels[a]!),
      answers: offered.map((a) => template.answers[a]!),
      states,
    });
  }
  options.signal?.throwIfAborted();
  const place = new Map(order.map((question, i) => [question, i]));
  return { requests, further: asked.flatMap((question) => place.get(question) ?? []), notes: template.notes };
}
