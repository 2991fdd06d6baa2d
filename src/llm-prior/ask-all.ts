// Many questions to one scorer: each different one asked once, a few under way at once, answers kept as they come, within a budget.
import { OptionError, PriorError } from "../errors.ts";
import { type AskBudget, Spending, type TokenPrice } from "./ask-budget.ts";
import { type AnswerCache, answerKey } from "./cache.ts";
import { checkScores, faultOfScores } from "./check-scores.ts";
import { type ActionScores, isLive, type PartStore, type ScoreMethod, type ScoreRequest, type Scorer, type ScorerInfo } from "./scorer.ts";

/** How far the asking is. */
export interface AskProgress {
  readonly answered: number;
  readonly prompts: number;
  readonly calls: number;
  readonly cached: number;
  /** Tokens so far, estimated from above while an answer is under way. */
  readonly tokens: number;
  /** Money so far; 0 without a price. */
  readonly cost: number;
  /** At the pace so far; undefined before the first answer that was not in the cache. */
  readonly secondsLeft: number | undefined;
}

export interface AskOptions {
  readonly scorer: Scorer;
  readonly info: ScorerInfo;
  readonly cache?: AnswerCache | undefined;
  readonly concurrency?: number | undefined;
  readonly budget?: AskBudget | undefined;
  readonly price?: TokenPrice | undefined;
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

/** After a failure, answers under way get so long to come: they are paid for. */
const GRACE_SECONDS = 10;

/**
 * Asks every question; equal ones once.
 *
 * @throws PriorError, also where the budget is spent; the signal's reason when aborted. Answers that came before are in the cache, and so are the parts
 *   of those under way; after a failure those under way may still come.
 */
export async function askAll(requests: readonly ScoreRequest[], options: AskOptions): Promise<Answers> {
  const { scorer, info } = options;
  const concurrency = options.concurrency ?? 4;
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) throw new OptionError("concurrency", concurrency, "a positive integer");
  const spending = new Spending(options.budget ?? {}, options.price);
  // Only a live model is worth caching: recordings and synthetic answers cost nothing, and depend on more than the prompt.
  const live = isLive(info);
  const cache = live ? options.cache : undefined;
  const groups = grouped(requests, (request, i) => (live ? answerKey(info, request) : String(i)));
  const scores: ActionScores[] = new Array<ActionScores>(requests.length);
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const counts = { answered: 0, calls: 0, cached: 0, fresh: 0 };
  let failed = false;
  let next = 0;

  function report(): void {
    const { tokens, cost, seconds } = spending.spent;
    const { answered, calls, cached, fresh } = counts;
    const secondsLeft = fresh === 0 ? undefined : (seconds / fresh) * (groups.length - answered);
    options.onProgress?.({ answered, prompts: groups.length, calls, cached, tokens, cost, secondsLeft });
  }

  async function answer(key: string, request: ScoreRequest): Promise<ActionScores> {
    const kept = await cache?.get(key);
    if (kept !== undefined && faultOfScores(kept, request.actions.length) === undefined) {
      counts.cached++;
      return kept;
    }
    const ledger = spending.open();
    const { beforeCall } = ledger;
    const parts = cache === undefined ? undefined : partsOf(cache, key);
    const given = await scorer.score(request, { signal, parts, beforeCall: live ? beforeCall : undefined });
    const fresh = checkScores(`the answer of ${info.model}`, given, request.actions.length);
    ledger.settle(fresh);
    counts.calls += fresh.calls;
    counts.fresh++;
    await cache?.set(key, fresh);
    return fresh;
  }

  async function worker(): Promise<void> {
    while (next < groups.length && !failed) {
      signal.throwIfAborted();
      const group = groups[next++];
      const [first] = group?.indices ?? [];
      const request = first === undefined ? undefined : requests[first];
      if (group === undefined || request === undefined) continue;
      const given = await answer(group.key, request).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      for (const index of group.indices) scores[index] = given;
      counts.answered++;
      report();
    }
  }

  const workers = Array.from({ length: Math.min(concurrency, groups.length) }, () => worker());
  try {
    await Promise.all(workers);
  } catch (error) {
    const grace = setTimeout(() => stop.abort(new PriorError("another question failed, this one was given up.")), GRACE_SECONDS * 1000);
    await Promise.allSettled(workers);
    clearTimeout(grace);
    options.signal?.throwIfAborted();
    throw error;
  }
  options.signal?.throwIfAborted();
  return { scores, calls: counts.calls, cached: counts.cached, method: weakest(scores) };
}

interface Group {
  readonly key: string;
  /** The requests that ask the same. */
  readonly indices: number[];
}

function grouped(requests: readonly ScoreRequest[], keyOf: (request: ScoreRequest, index: number) => string): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const [i, request] of requests.entries()) {
    const key = keyOf(request, i);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, indices: [i] });
    else group.indices.push(i);
  }
  return [...groups.values()];
}

function partsOf(cache: AnswerCache, key: string): PartStore | undefined {
  const { getPart, setPart } = cache;
  if (getPart === undefined || setPart === undefined) return undefined;
  return {
    get: async (index) => getPart.call(cache, key, index),
    set: async (index, text) => setPart.call(cache, key, index, text),
  };
}

function weakest(scores: readonly ActionScores[]): ScoreMethod | undefined {
  const methods = new Set(scores.map((answer) => answer.method));
  return (["synthetic", "samples", "logprobs", "exact"] as const).find((method) => methods.has(method));
}
