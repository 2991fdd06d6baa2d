// From listed tokens to actions: which action a first token can only be the beginning of, and what it adds up to.
import { PriorError } from "../errors.ts";
import { logAdd, logSoftmax } from "./scorer.ts";

/** A token a server listed at one position. */
export interface ListedToken {
  readonly text: string;
  readonly logProbability: number;
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
}

/** How much of the mass found may lie on tokens that fit several answers before the scores are refused. */
const AMBIGUOUS_SHARE = 0.01;

/** A little above 1: servers round. */
const MASS_LIMIT = 1.001;

/**
 * Log-probabilities of answers from the tokens listed at the beginning of a model's answer.
 *
 * A token counts for the one answer that it begins, or that it begins with followed by something that is no letter or digit; leading space and case do
 * not matter. A blank or a quote that the server went on with passes its probability to the position after it. An answer that no
 * token began gets the smallest log-probability listed: no more can be known. The result is a log-softmax over the answers: summing raw logits
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
  for (const position of positions) {
    checkMasses(position);
    for (const { text, logProbability } of position.listed) {
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
    if (bare(position.chosen.text) !== "") break;
    before += position.chosen.logProbability;
  }
  const found = mass.reduce(logAdd, Number.NEGATIVE_INFINITY);
  if (Math.exp(ambiguous) > AMBIGUOUS_SHARE * (Math.exp(found) + Math.exp(ambiguous))) {
    throw new PriorError(
      `the token ${JSON.stringify(ambiguousToken)} begins several of ${answers.slice(0, 8).join(", ")}, expected answers that differ in their first token.`,
      {
        hint: 'pass answer: "letters".',
      },
    );
  }
  const floored = mass.filter((x) => x === Number.NEGATIVE_INFINITY).length;
  const logProbabilities = logSoftmax(mass.map((x) => Math.max(x, smallest)));
  return { logProbabilities, coverage: Math.min(1, Math.exp(found)), floored };
}

/** Indices of the answers that a token can be the beginning of. */
function answersBegunBy(token: string, answers: readonly string[]): number[] {
  const word = bare(token).toLowerCase();
  if (word === "") return [];
  const fits: number[] = [];
  for (const [i, given] of answers.entries()) {
    const answer = given.toLowerCase();
    if (answer.startsWith(word) || (word.startsWith(answer) && !/[\p{L}\p{N}]/u.test(word.charAt(answer.length)))) fits.push(i);
  }
  return fits;
}

/** A token without the blanks (also as byte-pair and sentence-piece vocabularies print them) and quotes before it, and blanks after it. */
function bare(token: string): string {
  return token.replace(/^[\s"'`*ĠĊ▁]+/u, "").trimEnd();
}

function checkMasses(position: TokenPosition): void {
  let total = 0;
  for (const { text, logProbability } of position.listed) {
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
}
