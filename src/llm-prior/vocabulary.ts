// A model's whole vocabulary as text, and which of its tokens can lead to an answer: what makes scores exact.
import { answersBegunBy, bareText } from "./answer-match.ts";
import type { ListedToken } from "./token-scores.ts";

/** A token that exists, whatever its probability. */
export interface VocabularyToken {
  readonly id: number;
  readonly text: string;
}

/** All tokens of a model. */
export class Vocabulary {
  readonly #tokens: readonly VocabularyToken[];
  /** Tokens that end an answer. */
  readonly ending: ReadonlySet<number>;
  #first: { readonly answers: string; readonly tokens: readonly VocabularyToken[] } | undefined;

  constructor(tokens: readonly VocabularyToken[], ending: ReadonlySet<number>) {
    this.#tokens = tokens;
    this.ending = ending;
  }

  get size(): number {
    return this.#tokens.length;
  }

  /** The tokens that can come after a path on the way to one of the answers, those that end it among them. */
  leadingTo(answers: readonly string[], path: readonly ListedToken[]): readonly VocabularyToken[] {
    const before = path.map(({ text }) => text).join("");
    const leads = ({ id, text }: VocabularyToken) =>
      (before !== "" && this.ending.has(id)) || bareText(before + text) === "" || answersBegunBy(before + text, answers).length > 0;
    if (before !== "") return this.#tokens.filter(leads);
    // The first position is the one that every question asks about.
    const key = JSON.stringify(answers);
    if (this.#first?.answers !== key) this.#first = { answers: key, tokens: this.#tokens.filter(leads) };
    return this.#first.tokens;
  }
}
