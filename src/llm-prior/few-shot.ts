// Examples for prompts: solved states of other problems, as many of each action, in an order that favours none.
import { OptionError, PriorError } from "../errors.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import type { Solution } from "../solvers/index.ts";
import { optimalChoices } from "./optimal-choices.ts";
import type { PromptExample } from "./prompt.ts";

/**
 * The states of a solved model that can serve as examples: those with one optimal action, each description once.
 *
 * @throws NotConvergedError where the solution's gap is not finite.
 */
export function examplePool<S, A>(solution: Solution<S, A>, describe: (state: number, label: S) => string): PromptExample[] {
  const { mdp } = solution;
  const { stateChoices, choiceAction, stateCount } = mdp.storage;
  const optimal = optimalChoices(solution);
  const pool = new Map<string, PromptExample>();
  for (let s = 0; s < stateCount; s++) {
    const best: number[] = [];
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) if (optimal[c] === 1) best.push(choiceAction[c]!);
    const [action] = best;
    if (action === undefined || best.length > 1) continue;
    const features = describe(s, mdp.states.at(s));
    if (!pool.has(features)) pool.set(features, { features, action: mdp.actions.name(action) });
  }
  return [...pool.values()];
}

/**
 * `perAction` examples of each action of the pool, in rounds: every action once in random order, then again.
 *
 * @throws PriorError where the pool has too few of an action; OptionError.
 * @example
 * balancedExamples(examplePool(solution, describe), { perAction: 2, seed: 1 }); // 8 examples for 4 actions
 */
export function balancedExamples(pool: readonly PromptExample[], options: { readonly perAction: number; readonly seed?: Seed | undefined }): PromptExample[] {
  const { perAction } = options;
  if (!(Number.isInteger(perAction) && perAction >= 1)) throw new OptionError("perAction", perAction, "a positive integer");
  const rng = new Rng(`examples:${options.seed ?? 1}`);
  const byAction = new Map<string, PromptExample[]>();
  for (const example of pool) byAction.set(example.action, [...(byAction.get(example.action) ?? []), example]);
  const drawn = [...byAction].map(([action, examples]) => {
    if (examples.length < perAction)
      throw new PriorError(`the pool has ${examples.length} examples of ${JSON.stringify(action)}, expected at least ${perAction}.`, {
        hint: "add states of more problems.",
      });
    return shuffled(examples, rng).slice(0, perAction);
  });
  return Array.from({ length: perAction }, (_, round) => shuffled(drawn, rng).map((examples) => examples[round]!)).flat();
}

/**
 * Balanced examples drawn from a solved model, such as a smaller one of the same kind.
 *
 * @throws PriorError where an action is the only best one in too few differently described states; NotConvergedError; OptionError.
 * @example
 * const small = makeBuiltIn("maze:000/010/000");
 * const examples = examplesFromSolution(await solve(small.mdp), small.describe, { perAction: 2 });
 */
export function examplesFromSolution<S, A>(
  solution: Solution<S, A>,
  describe: (state: number, label: S) => string,
  options: { readonly perAction: number; readonly seed?: Seed | undefined },
): PromptExample[] {
  return balancedExamples(examplePool(solution, describe), options);
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const copy = items.slice();
  for (let i = copy.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}
