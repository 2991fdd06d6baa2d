// Answers from outside (a custom scorer, a cache on disk, a recording) checked before they are believed.
import { describeValue, PriorError } from "../errors.ts";
import type { ActionScores, ScoreMethod } from "./scorer.ts";

const METHODS: readonly ScoreMethod[] = ["exact", "logprobs", "samples", "synthetic"];

/** How far the probabilities of an answer may sum from 1. */
const SUM_TOLERANCE = 1e-6;

/** What is wrong with a value as the scores of `count` actions, or undefined if nothing is. */
export function faultOfScores(value: unknown, count: number): string | undefined {
  if (typeof value !== "object" || value === null) return `is ${describeValue(value)}, expected an object`;
  const { logProbabilities, coverage, method, floored, calls, unseen, lengths } = value as Partial<Record<keyof ActionScores, unknown>>;
  if (!Array.isArray(logProbabilities) || logProbabilities.length !== count) {
    return `has logProbabilities ${describeValue(logProbabilities)}, expected ${count} numbers, one an action`;
  }
  let total = 0;
  for (const x of logProbabilities as readonly unknown[]) {
    if (typeof x !== "number" || !Number.isFinite(x)) return `has log-probability ${describeValue(x)}, expected a finite number`;
    total += Math.exp(x);
  }
  if (!(Math.abs(total - 1) <= SUM_TOLERANCE))
    return `has probabilities that sum to ${total}, expected 1 within ${SUM_TOLERANCE}: a log-softmax over the actions, not raw logits`;
  if (!(typeof coverage === "number" && coverage >= 0 && coverage <= 1)) return `has coverage ${describeValue(coverage)}, expected a number from 0 to 1`;
  if (!METHODS.includes(method as ScoreMethod)) return `has method ${describeValue(method)}, expected one of ${METHODS.join(", ")}`;
  if (!isCount(floored)) return `has floored ${describeValue(floored)}, expected an integer >= 0`;
  if (!isCount(calls)) return `has calls ${describeValue(calls)}, expected an integer >= 0`;
  if (unseen !== undefined && !(typeof unseen === "number" && unseen >= 0 && unseen <= 1))
    return `has unseen ${describeValue(unseen)}, expected a number from 0 to 1`;
  if (lengths !== undefined && !(Array.isArray(lengths) && lengths.length === count && lengths.every((n) => typeof n === "number" && n > 0)))
    return `has lengths ${describeValue(lengths)}, expected ${count} positive numbers of tokens`;
  return undefined;
}

/** The value as scores. @throws PriorError saying what is wrong. */
export function checkScores(where: string, value: unknown, count: number): ActionScores {
  const fault = faultOfScores(value, count);
  if (fault !== undefined) throw new PriorError(`${where} ${fault}.`);
  return value as ActionScores;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
