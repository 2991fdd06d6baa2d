// An environment of one's own: checked against the protocol, learned from samples, and turned into a model that is solved exactly.
import { checkEnv, type Env, type Outcome, qLearning, Rng, type Step, solve, toMdp } from "mdpkit";
import { LabelIndex } from "mdpkit/mdp";

const FLOORS = 6;

/** A lift that wants to be on the top floor; its motor sometimes fails to move, and every step costs one. */
class Lift implements Env<string, "up" | "down"> {
  readonly states: LabelIndex<string> = LabelIndex.list(
    "state",
    Array.from({ length: FLOORS }, (_, floor) => `floor ${floor}`),
  );
  readonly actions: LabelIndex<"up" | "down"> = LabelIndex.list("action", ["up", "down"]);
  /** Both actions on every floor but the last, where episodes end. */
  readonly choices = {
    stateChoices: Int32Array.from({ length: FLOORS + 1 }, (_, floor) => 2 * Math.min(floor, FLOORS - 1)),
    choiceAction: Int32Array.from({ length: 2 * (FLOORS - 1) }, (_, choice) => choice % 2),
  };
  readonly discount = 1;
  readonly starts = [[0, 1]] as const;
  #rng = new Rng("lift");
  #floor = 0;

  reset(options: { readonly seed?: string | number } = {}): Step {
    if (options.seed !== undefined) this.#rng = new Rng(options.seed);
    this.#floor = 0;
    return { state: 0, reward: 0, terminated: false, truncated: false };
  }

  step(action: number): Step {
    if (this.#rng.chance(0.8)) this.#floor = moved(this.#floor, action);
    return { state: this.#floor, reward: -1, terminated: this.#floor === FLOORS - 1, truncated: false };
  }

  /** The model, for those who want more than samples. */
  outcomes(state: number, action: number): readonly Outcome[] {
    const next = moved(state, action);
    const outcome = (to: number, probability: number) => ({ probability, next: to, reward: -1, terminated: to === FLOORS - 1 });
    return next === state ? [outcome(state, 1)] : [outcome(next, 0.8), outcome(state, 0.2)];
  }
}

function moved(floor: number, action: number): number {
  return Math.min(FLOORS - 1, Math.max(0, floor + (action === 0 ? 1 : -1)));
}

const lift = new Lift();
checkEnv(lift);
console.log("the environment keeps the protocol, and samples what its model says");

const learned = await qLearning(lift, { steps: 50_000, seed: 1 });
const exact = await solve(toMdp(lift), { epsilon: 1e-9 });
for (const floor of exact.mdp.states) {
  console.log(
    `${floor}: exactly ${exact.value.at(floor).toFixed(4)}, learned ${learned.value.at(floor).toFixed(4)}, ${exact.policy.action(floor) ?? "the end"}`,
  );
}
