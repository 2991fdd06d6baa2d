// Answers kept by what was asked of whom, so that no question is asked twice. One in memory; one on disk lives with what needs Node.
import { PROMPT_VERSION } from "./prompt.ts";
import type { ActionScores, ScoreRequest, ScorerInfo } from "./scorer.ts";

/** Keeps answers. Methods may be asynchronous; one that finds something unreadable answers undefined. */
export interface AnswerCache {
  get(key: string): ActionScores | undefined | Promise<ActionScores | undefined>;
  set(key: string, scores: ActionScores): void | Promise<void>;
  /** Parts of an answer that takes several requests. Without these two, a run that was killed asks for such an answer anew. */
  getPart?(key: string, index: number): string | undefined | Promise<string | undefined>;
  setPart?(key: string, index: number, text: string): void | Promise<void>;
}

/**
 * What an answer depends on, as text: the provider, the model and what tells it from others of its name, the scorer's parameters, the version of the
 * template, the actions asked about with the answers asked for, and the whole rendered prompt. No key of a service is among them.
 */
export function answerKey(info: ScorerInfo, request: Pick<ScoreRequest, "actions" | "answers" | "prompt">): string {
  const { provider = "", model, digest = "", parameters = {} } = info;
  return JSON.stringify([provider, model, digest, parameters, PROMPT_VERSION, request.actions, request.answers, request.prompt.text]);
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
  readonly #parts = new Map<string, string>();

  get size(): number {
    return this.#answers.size;
  }

  get(key: string): ActionScores | undefined {
    return this.#answers.get(key);
  }

  set(key: string, scores: ActionScores): void {
    this.#answers.set(key, scores);
  }

  getPart(key: string, index: number): string | undefined {
    return this.#parts.get(`${index} ${key}`);
  }

  setPart(key: string, index: number, text: string): void {
    this.#parts.set(`${index} ${key}`, text);
  }
}
