// Answers kept by what was asked of whom, so that no question is asked twice. One in memory; one on disk lives with what needs Node.
import type { ActionScores, ScoreRequest, ScorerInfo } from "./scorer.ts";

/** Keeps answers. Both methods may be asynchronous; a `get` that finds something unreadable answers undefined. */
export interface AnswerCache {
  get(key: string): ActionScores | undefined | Promise<ActionScores | undefined>;
  set(key: string, scores: ActionScores): void | Promise<void>;
}

/** What an answer depends on, as text: the model, the actions asked about with the answers asked for, and the whole rendered prompt. */
export function answerKey(info: ScorerInfo, request: ScoreRequest): string {
  return JSON.stringify([info.model, request.actions, request.answers, request.prompt.text]);
}

/**
 * A cache that lives as long as the program.
 *
 * @example
 * const cache = new MemoryCache();
 * await elicitPrior(mdp, { scorer, describe, cache });
 * (await elicitPrior(mdp, { scorer, describe, cache })).calls; // 0
 */
export class MemoryCache implements AnswerCache {
  readonly #answers = new Map<string, ActionScores>();

  get size(): number {
    return this.#answers.size;
  }

  get(key: string): ActionScores | undefined {
    return this.#answers.get(key);
  }

  set(key: string, scores: ActionScores): void {
    this.#answers.set(key, scores);
  }
}
