// How a learner picks choices while it learns: from a state's row of Q, a random stream and a step count.
import type { ChoiceTable, Objective } from "../mdp/index.ts";
import type { Rng } from "../numeric/index.ts";
import { Policy, type PolicySpace } from "./policy.ts";
import type { Schedule } from "./schedule.ts";

/**
 * A rule that picks one of the choices `from .. to` by their Q. Larger is better: learners that minimise hand in -Q.
 * Stateless: what it draws depends on its arguments alone.
 *
 * `visits` holds how often each choice has been updated, in the order of Q; an explorer may do without. All learners of `mdpkit/solvers` hand it in.
 */
export interface Explorer {
  /** For reports: `epsilon-greedy`. */
  readonly name: string;
  /** A choice from `from` to `to - 1` (to > from). `step` counts the steps before this one. */
  pick(q: Float64Array, from: number, to: number, rng: Rng, step: number, visits?: Float64Array): number;
  /** Writes the probability with which `pick` takes each choice to `out[from .. to)`. */
  probabilities(q: Float64Array, from: number, to: number, step: number, out: Float64Array, visits?: Float64Array): void;
}

/** What an explorer made here does, for code that does the same in another way: with probability `epsilon` any choice, else a best one. */
export interface ExplorerForm {
  /** Undefined: never any but a best one, and nothing is drawn to decide it. */
  readonly epsilon: Schedule | undefined;
  /** Ties go at random, else to the lowest index. */
  readonly tiesAtRandom: boolean;
}

const forms = new WeakMap<Explorer, ExplorerForm>();

/** What an explorer does; undefined for one of which that is not known. */
export function explorerForm(explorer: Explorer): ExplorerForm | undefined {
  return forms.get(explorer);
}

/** Makes an explorer's form known. Answers the explorer. */
export function knownExplorer(form: ExplorerForm, explorer: Explorer): Explorer {
  forms.set(explorer, form);
  return explorer;
}

/**
 * The policy that an explorer follows if Q, the step and the visits no longer change.
 *
 * @param step the step at which its schedules are read, by default 0.
 * @param visits C counts, as a learner's result has them, for an explorer that reads them.
 * @throws OptionError for an explorer that needs visits where none are given.
 * @example
 * explorerPolicy(learned.q, epsilonGreedy(0.1)).probability("high", "wait");
 */
export function explorerPolicy<S, A>(
  q: ChoiceTable<S, A>,
  explorer: Explorer,
  objective: Objective = "maximize",
  step = 0,
  visits?: Float64Array,
): Policy<S, A> {
  const { stateChoices } = q.choices;
  const oriented = objective === "minimize" ? q.array.map((x) => -x) : q.array;
  const probability = new Float64Array(q.array.length);
  for (let s = 0; s + 1 < stateChoices.length; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    if (to > from) explorer.probabilities(oriented, from, to, step, probability, visits);
  }
  return Policy.stochastic({ states: q.states, actions: q.actions, choices: q.choices } satisfies PolicySpace<S, A>, probability);
}
