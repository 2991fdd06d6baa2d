// A fine-tuning set from a solved model: each state's question with the action that is certified to be right, as chat lines of JSON.
import { decisionStates } from "../llm-prior/decision-states.ts";
import { optimalChoices } from "../llm-prior/optimal-choices.ts";
import { type AnswerForm, type ChatMessage, promptTemplate } from "../llm-prior/prompt.ts";
import type { Solution } from "../solvers/index.ts";

export interface FineTuningOptions<S> {
  /** A state's features: the question. */
  readonly describe: (state: S, index: number) => string;
  /** What there is to do, as for `elicitPrior` and `scorerPlanner`: ask later with the same words. */
  readonly task?: string | undefined;
  readonly answer?: AnswerForm | undefined;
  /** Where several actions are optimal: a line for the first of them (default), or one for each. */
  readonly ties?: "first" | "all" | undefined;
}

/** One line. */
export interface FineTuningExample {
  readonly messages: readonly ChatMessage[];
}

/**
 * The set, line by line: `{"messages":[{"role":"system",...},{"role":"user",...},{"role":"assistant",...}]}`, the form that chat models are tuned with.
 *
 * @remarks The states are those with two actions or more that the start leads to (all where the model has no start). Questions that read the same are written
 *   once where their answers agree; where they do not, the description leaves out what the answer depends on, and each is kept.
 * @throws NotConvergedError where the solution's bounds are infinite: nothing tells what is optimal then.
 * @example
 * await writeFile("maze.jsonl", [...fineTuningLines(await solve(mdp), { describe: (_, s) => maze.describe(s), task: maze.task })]);
 */
export function* fineTuningLines<S, A>(solution: Solution<S, A>, options: FineTuningOptions<S>): Generator<string> {
  const { mdp } = solution;
  const { describe, task, answer, ties = "first" } = options;
  const optimal = optimalChoices(solution);
  const actions = Array.from({ length: mdp.actionCount }, (_, a) => mdp.actions.name(a));
  const template = promptTemplate({ actions, task, answer });
  const { stateChoices, choiceAction } = mdp.storage;
  const written = new Set<string>();
  for (const s of decisionStates(mdp)) {
    const offered = [...choiceAction.subarray(stateChoices[s], stateChoices[s + 1])];
    if (offered.length < 2) continue;
    const { messages } = template.render(describe(mdp.states.at(s), s), offered);
    const right = offered.filter((_, i) => optimal[stateChoices[s]! + i] === 1);
    for (const a of ties === "all" ? right : right.slice(0, 1)) {
      const example: FineTuningExample = { messages: [...messages, { role: "assistant", content: template.answers[a] ?? mdp.actions.name(a) }] };
      const line = `${JSON.stringify(example)}\n`;
      if (written.has(line)) continue;
      written.add(line);
      yield line;
    }
  }
}
