// Advice as pseudo-evidence about rewards: what is advised against is taken to pay less than it has shown, until its state is known.
import type { Env } from "../../../envs/env.ts";
import { OptionError } from "../../../errors.ts";
import type { Policy } from "../../../policies/index.ts";
import { checkSpace } from "../check-space.ts";

export interface PriorBonusOptions {
  /** w: what a nat of advice weighs, in units of return. Default: a tenth of the width of `returns`. */
  readonly priorWeight?: number | undefined;
  /** k: how many visits of a state halve that weight. Default 10. */
  readonly priorVisits?: number | undefined;
  /** Probabilities below this count as this, so that no choice is ruled out. Default 0.05. */
  readonly priorFloor?: number | undefined;
}

/**
 * w · log max(prior, floor) · k / (k + n(s)) by choice: at most 0, and nothing in the end, whatever the prior.
 *
 * @throws OptionError, ShapeError
 */
export function priorBonus<S, A>(
  env: Env<S, A>,
  prior: Policy<S, A>,
  visits: Float64Array,
  width: number,
  options: PriorBonusOptions,
): (choice: number) => number {
  checkSpace(env, prior, "prior");
  const { priorWeight = width / 10, priorVisits = 10, priorFloor = 0.05 } = options;
  if (!(priorWeight >= 0 && priorWeight < Infinity)) throw new OptionError("priorWeight", priorWeight, "a finite number >= 0");
  if (!(priorVisits > 0 && priorVisits < Infinity)) throw new OptionError("priorVisits", priorVisits, "a positive finite number");
  if (!(priorFloor > 0 && priorFloor <= 1)) throw new OptionError("priorFloor", priorFloor, "a number above 0, at most 1");
  const { stateChoices } = env.choices;
  const advice = prior.probabilities().map((p) => priorWeight * Math.log(Math.max(priorFloor, p)));
  const stateOf = new Int32Array(advice.length);
  for (let s = 0; s < env.states.size; s++) stateOf.fill(s, stateChoices[s]!, stateChoices[s + 1]!);
  return (choice) => {
    const s = stateOf[choice]!;
    let known = 0;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) known += visits[c]!;
    return (advice[choice]! * priorVisits) / (priorVisits + known);
  };
}
