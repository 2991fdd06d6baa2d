// Machine replacement: wear grows by chance, an old machine costs more to run, a new one costs once.
import { buildMdp, type Label, type Mdp } from "../../src/mdp/index.ts";

const NEW_MACHINE = 50;

/** State = wear 0 .. states - 1. Keeping costs 10 · wear / states and wears on by 0, 1 or 2; overhauling halves the wear for 10; a new machine costs 50. */
export function replacement(states: number, discount: number): Mdp<Label, Label> {
  const worst = states - 1;
  return buildMdp<Label, Label>({ states, actions: ["keep", "overhaul", "replace"], discount }, (s, model) => {
    const running = (-10 * s) / states;
    model.choice(0, running);
    model.branch(s, 0.2);
    model.branch(Math.min(worst, s + 1), 0.5);
    model.branch(Math.min(worst, s + 2), 0.3);
    model.choice(1, running - 10);
    model.branch(s >> 1, 0.9);
    model.branch(s, 0.1);
    model.choice(2, -NEW_MACHINE);
    model.branch(0, 1);
  });
}
