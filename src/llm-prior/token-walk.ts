// The token trie: from the tokens that may come next to actions, going deeper only where a token leaves several actions open.
import { answersBegunBy, answerThatIs, bareText } from "./answer-match.ts";
import { logAdd } from "./scorer.ts";
import { AMBIGUOUS_SHARE, checkMasses, fromMasses, type ListedToken, type TokenScores, tooAmbiguous } from "./token-scores.ts";

/** What may come next. */
export interface NextTokens {
  readonly listed: readonly ListedToken[];
  /** Whether every token that can lead to an answer is among them. */
  readonly complete: boolean;
  /** Ids of tokens that end an answer. */
  readonly ending?: ReadonlySet<number> | undefined;
}

export interface WalkOptions {
  /** The walk ends where the tokens not followed have at most this share of the probability found. Default 1e-3. */
  readonly resolution?: number | undefined;
  /** Positions looked at, at most. Default 32. */
  readonly maxPositions?: number | undefined;
}

export interface WalkedScores extends TokenScores {
  /** Positions looked at: how often `next` was asked. */
  readonly positions: number;
  /** Whether every listing was complete: the scores are then exact but for `unseen`. */
  readonly complete: boolean;
}

interface Node {
  readonly path: readonly ListedToken[];
  readonly text: string;
  readonly reached: number;
}

/**
 * Log-probabilities of answers: the probability that what a model writes begins with the answer, summed over all ways to spell it in tokens (case, leading
 * blanks and quotes do not matter). A token that leaves several answers open is followed, the most probable first.
 *
 * @param next The tokens that may come after a path of tokens, with their log-probabilities given the path.
 * @throws PriorError where probabilities are none, or too much of them stays ambiguous; what `next` throws.
 */
export async function walkTokens(
  answers: readonly string[],
  next: (path: readonly ListedToken[]) => Promise<NextTokens>,
  options: WalkOptions = {},
): Promise<WalkedScores> {
  const { resolution = 1e-3, maxPositions = 32 } = options;
  const mass = answers.map(() => Number.NEGATIVE_INFINITY);
  const open: Node[] = [{ path: [], text: "", reached: 0 }];
  let smallest = 0;
  let unseen = 0;
  let positions = 0;
  let complete = true;
  while (open.length > 0) {
    open.sort((a, b) => b.reached - a.reached);
    const pending = open.reduce((total, { reached }) => total + Math.exp(reached), 0);
    const found = Math.exp(mass.reduce(logAdd, Number.NEGATIVE_INFINITY));
    if (positions > 0 && (pending <= resolution * found || positions >= maxPositions)) {
      const several = open.find(({ text }) => bareText(text) !== "");
      if (several !== undefined && pending > AMBIGUOUS_SHARE * (found + pending)) throw tooAmbiguous(several.text, answers);
      unseen += pending;
      break;
    }
    const node = open.shift();
    if (node === undefined) break;
    const { listed, complete: all, ending } = await next(node.path);
    positions++;
    const total = checkMasses(listed);
    if (!all) {
      complete = false;
      unseen += Math.exp(node.reached) * Math.max(0, 1 - total);
    }
    for (const token of listed) {
      const reached = node.reached + token.logProbability;
      smallest = Math.min(smallest, reached);
      const credit = (a: number) => {
        mass[a] = logAdd(mass[a] ?? Number.NEGATIVE_INFINITY, reached);
      };
      if (token.text === "" || (token.id !== undefined && ending?.has(token.id) === true)) {
        const ended = answerThatIs(node.text, answers);
        if (ended !== undefined) credit(ended);
        continue;
      }
      const text = node.text + token.text;
      const fits = answersBegunBy(text, answers);
      const [only] = fits;
      if (only !== undefined && fits.length === 1) credit(only);
      else if (fits.length > 1 || bareText(text) === "") open.push({ path: [...node.path, token], text, reached });
    }
  }
  return { ...fromMasses(mass, smallest, unseen), positions, complete };
}
