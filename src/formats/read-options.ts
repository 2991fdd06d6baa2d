// What every reader of a model file takes.
import { InvalidModelError } from "../errors.ts";
import { checkDiscount, checkObjective, type Objective } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";

export interface ReadOptions {
  /** The discount γ in [0, 1]; goes before the file's own. */
  readonly discount?: number | undefined;
  /** Goes before the file's own. */
  readonly objective?: Objective | undefined;
  /** Divide each choice's probabilities by their sum, for counts. Default false. */
  readonly normalize?: boolean | undefined;
  /** Cancels the reading, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** @throws OptionError */
export function checkReadOptions(options: ReadOptions): void {
  if (options.discount !== undefined) checkDiscount(options.discount);
  if (options.objective !== undefined) checkObjective(options.objective);
}

/** Runs `check`; what it finds wrong with the model goes to `issues`. */
export function collectIssues<T>(issues: IssueList, check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidModelError)) throw error;
    for (const issue of error.issues) issues.add(issue.where, issue.got, issue.expected, issue.hint);
    return undefined;
  }
}
