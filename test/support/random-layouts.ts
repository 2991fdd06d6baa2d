// Random models in every form of storage that a kernel reads: rows of one width, of many widths, shared rows, long rows, arenas; with terminal states and endings.
import { buildMdp, LabelIndex, MdpBuilder, type Storage } from "../../src/mdp/index.ts";
import { ARENA_RULE, type ArenaRule } from "../../src/mdp/model-arena.ts";
import { Rng } from "../../src/numeric/index.ts";

const IN_ARENA: ArenaRule = { ...ARENA_RULE, from: 1 };

/** Random rows of one width, of many widths, many choices a state, and repeated rows that are stored once; in ordinary arrays and in an arena. */
export function randomLayouts(): [string, Storage][] {
  const shared = buildMdp({ states: 3000, actions: 2 }, (s, model) => {
    for (let a = 0; a < 2; a++) {
      model.choice(a, s + a);
      for (let k = 0; k < 4; k++) model.branch((s % 10) * 7 + a + k * 100, 0.25);
    }
  }).storage;
  return [
    ["rows of one width", random(400, 3, () => 4, "fixed")],
    ["rows of one width, many choices", random(400, 9, () => 5, "wide")],
    ["rows of many widths", random(400, 3, (rng) => 1 + rng.below(6), "ragged")],
    ["rows of one width in an arena", random(400, 9, () => 5, "wide", IN_ARENA)],
    ["rows of many widths in an arena", random(400, 3, (rng) => 1 + rng.below(6), "ragged", IN_ARENA)],
    ["shared rows", shared],
  ];
}

/** Rows so long that their expectations are computed apart, several side by side. */
export function longLayouts(): [string, Storage][] {
  return [
    ["long rows", random(400, 3, (rng) => 24 + rng.below(20), "long")],
    ["long rows whose targets follow one another", runs(400, 3)],
  ];
}

/** Rows of 20 to 59 successors one after the other. */
function runs(states: number, actions: number): Storage {
  const rng = new Rng("runs");
  return buildMdp({ states, actions }, (s, model) => {
    if (s % 17 === 16) return model.terminal();
    for (let a = 0; a < actions; a++) {
      if (rng.chance(0.1) && a > 0) continue;
      model.choice(a, rng.uniform() - 0.5);
      const n = 20 + rng.below(40);
      const first = rng.below(states - n + 1);
      const weights = Array.from({ length: n }, () => 0.1 + rng.uniform());
      const sum = weights.reduce((x, y) => x + y, 0);
      for (const [k, weight] of weights.entries()) model.branch(first + k, weight / sum);
    }
  }).storage;
}

function random(states: number, actions: number, width: (rng: Rng) => number, seed: string, rule?: ArenaRule): Storage {
  const rng = new Rng(seed);
  const builder = new MdpBuilder(LabelIndex.range("state", states), LabelIndex.range("action", actions), {}, rule);
  for (let s = 0; s < states; s++) {
    builder.state();
    if (s % 17 === 16) {
      builder.terminal();
      continue;
    }
    for (let a = 0; a < actions; a++) {
      if (rng.chance(0.2) && a > 0) continue;
      builder.choice(a, rng.uniform() - 0.5);
      const n = width(rng);
      for (let k = 0; k < n; k++) builder.branch((rng.below(states / n) + (k * states) / n) | 0, 1 / n, undefined, rng.chance(0.02));
    }
  }
  return builder.finish();
}
