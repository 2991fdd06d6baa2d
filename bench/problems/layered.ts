// Layers that lead one into the next and end: no way leads back, so one pass from the end would do.
import { buildMdp, type Label, type Mdp } from "../../src/mdp/index.ts";
import { Rng } from "../../src/numeric/index.ts";

/** `layers` × `width` states numbered layer by layer; each choice leads to `branches` different states of the next layer; the last layer is terminal. */
export function layered(layers: number, width: number, actions: number, branches: number, discount: number): Mdp<Label, Label> {
  const rng = new Rng("bench:layered");
  const states = layers * width;
  return buildMdp<Label, Label>({ states, actions, discount }, (s, model) => {
    const next = (Math.floor(s / width) + 1) * width;
    if (next === states) return model.terminal();
    for (let a = 0; a < actions; a++) {
      model.choice(a, rng.uniform());
      const first = rng.below(width);
      const step = 1 + rng.below(Math.floor((width - 1) / branches));
      for (let k = 0; k < branches; k++) model.branch(next + ((first + k * step) % width), 1 / branches);
    }
  });
}
