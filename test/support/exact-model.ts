// A model in exact numbers: the float64 numbers as given, as fractions.
import { type Mdp, rowOf } from "../../src/mdp/index.ts";
import { Rational } from "./rational.ts";

export interface ExactBranch {
  /** The successor; undefined where the episode ends. */
  readonly next: number | undefined;
  readonly probability: Rational;
}

export interface ExactChoice {
  /** The expected reward. */
  readonly reward: Rational;
  readonly branches: readonly ExactBranch[];
}

export interface ExactModel {
  /** Choices by state, in choice order; none where terminal. */
  readonly states: readonly (readonly ExactChoice[])[];
  readonly discount: Rational;
  readonly maximize: boolean;
}

/** What a compiled model says: its arrays as they stand, so its expected rewards within `storage.rounding` of those it was given. */
export function exactFromMdp<S, A>(mdp: Mdp<S, A>, discount: number | undefined = mdp.discount): ExactModel {
  if (discount === undefined) throw new RangeError("the model has no discount");
  const { storage } = mdp;
  const states: ExactChoice[][] = [];
  for (let s = 0; s < storage.stateCount; s++) {
    const choices: ExactChoice[] = [];
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      const branches: ExactBranch[] = [];
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        const target = storage.target[b]!;
        branches.push({ next: target === storage.stateCount ? undefined : target, probability: Rational.of(storage.probability[b]!) });
      }
      choices.push({ reward: Rational.of(storage.reward[c]!), branches });
    }
    states.push(choices);
  }
  return { states, discount: Rational.of(discount), maximize: mdp.objective === "maximize" };
}

/** One backup of one choice: r + γ Σ p v. */
export function exactBackup(model: ExactModel, choice: ExactChoice, v: readonly Rational[]): Rational {
  const ahead = Rational.sum(choice.branches.filter((b) => b.next !== undefined).map((b) => b.probability.mul(v[b.next!]!)));
  return choice.reward.add(model.discount.mul(ahead));
}

/** Q by state and choice, for a value vector. */
export function exactQ(model: ExactModel, v: readonly Rational[]): Rational[][] {
  return model.states.map((choices) => choices.map((choice) => exactBackup(model, choice, v)));
}

/** The better of two values under the model's objective. */
export function better(model: ExactModel, a: Rational, b: Rational): boolean {
  return model.maximize ? a.compare(b) > 0 : a.compare(b) < 0;
}

/** The best of some values, undefined if there are none. */
export function bestOf(model: ExactModel, values: readonly Rational[]): Rational | undefined {
  return values.reduce<Rational | undefined>((best, x) => (best === undefined || better(model, x, best) ? x : best), undefined);
}

/** Tv, exactly; 0 in terminal states. */
export function exactSweep(model: ExactModel, v: readonly Rational[]): Rational[] {
  return exactQ(model, v).map((row) => bestOf(model, row) ?? Rational.zero);
}
