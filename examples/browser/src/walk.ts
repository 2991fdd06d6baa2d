// A walk by the policy: the model as an environment, one step at a time.
import { FOUR_MOVES, GridLayout, type ModelEnv, moved, toEnv } from "mdpkit/envs";
import type { Label } from "mdpkit/mdp";
import { modelOf, type Setting } from "./setting.ts";

export class Walk {
  readonly #env: ModelEnv<Label, Label>;
  readonly #layout: GridLayout;
  readonly #discount: number;
  state: number;
  steps = 0;
  /** Steps that did not go where the move pointed. */
  slips = 0;
  /** The discounted sum of the rewards so far. */
  paid = 0;
  over = false;

  constructor(setting: Setting, seed: number) {
    this.#env = toEnv(modelOf(setting), { seed });
    this.#layout = new GridLayout(setting.rows, setting.columns, setting.cells);
    this.#discount = setting.discount;
    this.state = this.#env.reset().state;
  }

  /** Tries to move; the model may slip. */
  step(move: string): void {
    const action = this.#env.actions.indexOf(move);
    const direction = FOUR_MOVES[action];
    const { state, reward, terminated } = this.#env.step(action);
    if (direction !== undefined && state !== moved(this.#layout, this.state, direction)) this.slips++;
    this.paid += reward * this.#discount ** this.steps;
    this.steps++;
    this.state = state;
    this.over = terminated;
  }
}
