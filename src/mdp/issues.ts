// Collecting what is wrong with a model: all of it is counted, the first thousand are kept, each names its states and actions.
import { InvalidModelError, type ModelIssue } from "../errors.ts";
import type { LabelNames } from "./labels.ts";

const KEPT = 1000;

export class IssueList {
  readonly #issues: ModelIssue[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  get issues(): readonly ModelIssue[] {
    return this.#issues;
  }

  add(where: string, got: string, expected: string, hint?: string): void {
    this.#total++;
    if (this.#issues.length < KEPT) this.#issues.push(hint === undefined ? { where, got, expected } : { where, got, expected, hint });
  }

  /** @throws InvalidModelError with every issue, if there is one. */
  throwIfAny(): void {
    if (this.#total > 0) throw new InvalidModelError(this.#issues, this.#total);
  }
}

/** `transition("low","search")` or `transition("low","search","high")`. */
export function placeOf(states: LabelNames, actions: LabelNames, state: number, action: number, next?: number): string {
  const parts = [states.quote(state), actions.quote(action)];
  if (next !== undefined) parts.push(Number.isInteger(next) && next >= 0 && next < states.size ? states.quote(next) : String(next));
  return `transition(${parts.join(",")})`;
}
