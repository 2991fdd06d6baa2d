// Many questions to one scorer: a few under way at once, each asked once, answers kept in a cache, the first failure ends all.
import { OptionError, PriorError } from "../errors.ts";
import { type AnswerCache, answerKey } from "./cache.ts";
import { checkScores, faultOfScores } from "./check-scores.ts";
import type { ActionScores, ScoreMethod, ScoreRequest, Scorer, ScorerInfo } from "./scorer.ts";

/** How far the asking is. */
export interface AskProgress {
  readonly answered: number;
  readonly prompts: number;
  readonly calls: number;
  readonly cached: number;
}

export interface AskOptions {
  readonly scorer: Scorer;
  readonly info: ScorerInfo;
  readonly cache?: AnswerCache | undefined;
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AskProgress) => void) | undefined;
}

export interface Answers {
  /** In the order of the requests. */
  readonly scores: readonly ActionScores[];
  readonly calls: number;
  readonly cached: number;
  /** The method of the answers, the weakest of several; undefined without a request. */
  readonly method: ScoreMethod | undefined;
}

/**
 * Asks every question.
 *
 * @throws PriorError; the signal's reason when aborted. Requests under way are given up, answers that came before are in the cache.
 */
export async function askAll(requests: readonly ScoreRequest[], options: AskOptions): Promise<Answers> {
  const { scorer, info } = options;
  const concurrency = options.concurrency ?? 4;
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) throw new OptionError("concurrency", concurrency, "a positive integer");
  // Only a live model is worth caching: recordings and synthetic answers cost nothing, and depend on more than the prompt.
  const cache = info.source === "server" ? options.cache : undefined;
  const scores: ActionScores[] = new Array<ActionScores>(requests.length);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  let next = 0;
  let answered = 0;
  let calls = 0;
  let cached = 0;

  async function one(index: number, request: ScoreRequest): Promise<void> {
    const key = cache === undefined ? "" : answerKey(info, request);
    const kept = await cache?.get(key);
    if (kept !== undefined && faultOfScores(kept, request.actions.length) === undefined) {
      scores[index] = kept;
      cached++;
    } else {
      const fresh = checkScores(`the answer of ${info.model}`, await scorer.score(request, { signal }), request.actions.length);
      scores[index] = fresh;
      calls += fresh.calls;
      await cache?.set(key, fresh);
    }
    answered++;
    options.onProgress?.({ answered, prompts: requests.length, calls, cached });
  }

  async function worker(): Promise<void> {
    while (next < requests.length) {
      signal.throwIfAborted();
      const index = next++;
      const request = requests[index];
      if (request !== undefined) await one(index, request);
    }
  }

  const workers = Array.from({ length: Math.min(concurrency, requests.length) }, () => worker());
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort(new PriorError("another question failed, this one was given up."));
    await Promise.allSettled(workers);
    options.signal?.throwIfAborted();
    throw error;
  }
  options.signal?.throwIfAborted();
  return { scores, calls, cached, method: weakest(scores) };
}

function weakest(scores: readonly ActionScores[]): ScoreMethod | undefined {
  const methods = new Set(scores.map((answer) => answer.method));
  return (["synthetic", "samples", "logprobs"] as const).find((method) => methods.has(method));
}
