// From listed tokens to actions: which action a first token can only be the beginning of, and what it adds up to.
import { PriorError } from "../errors.ts";
import { answersBegunBy, bareText } from "./answer-match.ts";
import { logAdd, logSoftmax } from "./scorer.ts";

/** A token a server listed at one position. */
export interface ListedToken {
  readonly text: string;
  readonly logProbability: number;
  /** Its number in the model's vocabulary, where known. */
  readonly id?: number | undefined;
}

/** The alternatives at one position of an answer, and the token that the server went on with. */
export interface TokenPosition {
  readonly chosen: ListedToken;
  readonly listed: readonly ListedToken[];
}

export interface TokenScores {
  /** ln p of each answer, normalised over the answers. */
  readonly logProbabilities: readonly number[];
  readonly coverage: number;
  readonly floored: number;
  /** The probability of all that was not listed, in [0, 1]. */
  readonly unseen: number;
}

/** How much of the mass found may lie on tokens that fit several answers before the scores are refused. */
export const AMBIGUOUS_SHARE = 0.01;

/** A little above 1: servers round. */
const MASS_LIMIT = 1.001;

/**
 * Log-probabilities of answers from the tokens listed at the beginning of a model's answer.
 *
 * A token counts for the one answer that it begins, or that it begins with followed by something that is no letter or digit; leading space and case do
 * not matter. A blank or a quote that the server went on with passes its probability to the position after it. An answer that no
 * token began gets the most it can have: the smallest log-probability listed, and no more than all that was not listed. The result is a log-softmax over the answers: summing raw logits
 * would not be (Lamorel issue 38).
 *
 * @throws PriorError where a log-probability is positive or masses add up to more than 1 (logits, not log-probabilities), and where a
 *   token with mass fits several answers.
 */
export function scoreTokens(positions: readonly TokenPosition[], answers: readonly string[]): TokenScores {
  const mass = answers.map(() => Number.NEGATIVE_INFINITY);
  let ambiguous = Number.NEGATIVE_INFINITY;
  let ambiguousToken = "";
  let smallest = 0;
  let before = 0;
  let unseen = 0;
  for (const { listed, chosen } of positions) {
    unseen += Math.exp(before) * (1 - checkMasses(listed));
    for (const { text, logProbability } of listed) {
      const reached = before + logProbability;
      smallest = Math.min(smallest, reached);
      const fits = answersBegunBy(text, answers);
      const [first] = fits;
      if (first === undefined) continue;
      if (fits.length === 1) mass[first] = logAdd(mass[first] ?? Number.NEGATIVE_INFINITY, reached);
      else {
        ambiguous = logAdd(ambiguous, reached);
        ambiguousToken = text;
      }
    }
    if (bareText(chosen.text) !== "") break;
    before += chosen.logProbability;
  }
  const found = mass.reduce(logAdd, Number.NEGATIVE_INFINITY);
  if (Math.exp(ambiguous) > AMBIGUOUS_SHARE * (Math.exp(found) + Math.exp(ambiguous))) throw tooAmbiguous(ambiguousToken, answers);
  return fromMasses(mass, smallest, unseen);
}

/** What is said where too much probability lies on a text that several answers begin with. */
export function tooAmbiguous(text: string, answers: readonly string[]): PriorError {
  return new PriorError(
    `the token ${JSON.stringify(text)} begins several of ${answers.slice(0, 8).join(", ")}, expected answers that differ in their first token.`,
    { hint: 'pass answer: "letters".' },
  );
}

/** Masses found (in logarithms; -Infinity for none) as scores: those missing get the most they can have. */
export function fromMasses(mass: readonly number[], smallestListed: number, unseen: number): TokenScores {
  const found = mass.reduce(logAdd, Number.NEGATIVE_INFINITY);
  const left = Math.min(1, Math.max(0, unseen));
  const most = left > 0 ? Math.min(smallestListed, Math.log(left)) : smallestListed;
  return {
    logProbabilities: logSoftmax(mass.map((x) => (x === Number.NEGATIVE_INFINITY ? most : x))),
    coverage: Math.min(1, Math.exp(found)),
    floored: mass.filter((x) => x === Number.NEGATIVE_INFINITY).length,
    unseen: left,
  };
}

/** The probability of all tokens listed at one position. @throws PriorError where it cannot be one. */
export function checkMasses(listed: readonly ListedToken[]): number {
  let total = 0;
  for (const { text, logProbability } of listed) {
    if (!(logProbability <= 1e-6)) {
      throw new PriorError(`the server gave the token ${JSON.stringify(text)} the log-probability ${logProbability}, expected a number <= 0.`, {
        hint: "these look like logits; the server must answer log-probabilities.",
      });
    }
    total += Math.exp(logProbability);
  }
  if (total > MASS_LIMIT)
    throw new PriorError(`the server's listed tokens have probability ${total} together, expected at most 1.`, {
      hint: "these look like logits; the server must answer log-probabilities.",
    });
  return total;
}
