// Multilevel and band solves of a policy's system, and the automatic choice that resorts to them.
import { describe, expect, it } from "vitest";
import { garnet, grid } from "../../../src/envs/index.ts";
import { buildMdp, type Label, type Mdp } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { solve, verify } from "../../../src/solvers/index.ts";
import { factoriseBand } from "../../../src/solvers/multilevel/band.ts";
import { correct } from "../../../src/solvers/multilevel/correct.ts";
import { multiply, policyMatrix, type SparseMatrix } from "../../../src/solvers/multilevel/sparse-matrix.ts";
import { expectInside } from "../../support/close.ts";
import { exactFromMdp } from "../../support/exact-model.ts";
import { exactOptimum } from "../../support/exact-solve.ts";

/** A walk that drifts right or left, paid at both ends; its states numbered at random. */
function walk(states: number, discount: number, pay: readonly [number, number] = [0.1, 1]): Mdp {
  const rng = new Rng("walk");
  const name = Array.from({ length: states }, (_, i) => i).sort(() => rng.uniform() - 0.5);
  const place = new Map(name.map((s, i) => [s, i]));
  return buildMdp({ states, actions: 2, discount }, (s, model) => {
    const i = place.get(s) ?? 0;
    for (const a of [0, 1]) {
      model.choice(a, i === 0 ? pay[0] : i === states - 1 ? pay[1] : 0);
      model.branch(name[Math.max(0, i - 1)] ?? 0, a === 0 ? 0.7 : 0.3);
      model.branch(name[Math.min(states - 1, i + 1)] ?? 0, a === 0 ? 0.3 : 0.7);
    }
  });
}

/** Wear that grows by chance and is repaired: values travel the whole way, and all states depend on the new machine's. */
function wear(states: number, discount: number): Mdp {
  return buildMdp({ states, actions: 2, discount, objective: "minimize" }, (s, model) => {
    model.choice(0, (10 * s) / states);
    model.branch(s, 0.2);
    model.branch(Math.min(states - 1, s + 1), 0.8);
    model.choice(1, 50);
    model.branch(0, 1);
  });
}

function firstChoices(mdp: Mdp<Label, Label>): Int32Array {
  const { stateChoices, stateCount } = mdp.storage;
  return Int32Array.from({ length: stateCount }, (_, s) => (stateChoices[s] === stateChoices[s + 1] ? -1 : (stateChoices[s] ?? -1)));
}

function residual(matrix: SparseMatrix, x: Float64Array, b: Float64Array): number {
  const image = new Float64Array(matrix.size);
  multiply(matrix, x, image);
  return Math.max(...image.map((y, i) => Math.abs(y - (b[i] ?? 0))));
}

function random(n: number, seed: string): Float64Array {
  const rng = new Rng(seed);
  return Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
}

describe("factoriseBand", () => {
  it.each([1, 2, 3, 50, 1001])("solves a walk of %s states numbered at random", (states) => {
    const mdp = walk(states, 0.999);
    const matrix = policyMatrix(mdp.storage, 0.999, firstChoices(mdp));
    const b = random(states, "b");
    const x = b.slice();
    const factors = factoriseBand(matrix);
    expect(factors?.width).toBeLessThanOrEqual(5);
    factors?.solve(x);
    expect(residual(matrix, x, b)).toBeLessThan(1e-11);
  });

  it("solves several parts at once, and a narrow grid", () => {
    const mdp = grid({ rows: 5, columns: 40, slip: 0.3, walls: 0.3, seed: 4 }).mdp;
    const matrix = policyMatrix(mdp.storage, 0.99, firstChoices(mdp));
    const b = random(200, "b");
    const x = b.slice();
    factoriseBand(matrix)?.solve(x);
    expect(residual(matrix, x, b)).toBeLessThan(1e-11);
  });

  it("finds no band where a state depends on very many, or on states far away", () => {
    const far = garnet({ states: 2000, actions: 1, branches: 3, seed: 1 }).mdp;
    const hub = buildMdp({ states: 600, actions: 1 }, (_, model) => {
      model.choice(0, 1);
      for (let t = 0; t < 600; t++) model.branch(t, 1 / 600);
    });
    for (const mdp of [far, hub]) expect(factoriseBand(policyMatrix(mdp.storage, 0.9, firstChoices(mdp)))).toBeUndefined();
  });
});

describe("correct", () => {
  const never = async () => false;
  const models: readonly (readonly [string, Mdp<Label, Label>, number])[] = [
    ["a grid with terminals", grid({ rows: 60, columns: 60, slip: 0.3, walls: 0.2, seed: 2 }).mdp, 0.9],
    ["a garnet", garnet({ states: 3000, actions: 2, branches: 5, seed: 3 }).mdp, 0.9999],
    ["wear", wear(4000, 0.999), 0.999],
  ];

  it.each(models)("solves %s to a relative residual of 1e-9 in a few cycles", async (_, mdp, discount) => {
    const matrix = policyMatrix(mdp.storage, discount, firstChoices(mdp));
    const b = random(matrix.size, "b");
    const left = b.slice();
    const x = new Float64Array(matrix.size);
    const { cycles, residual: claimed } = await correct(matrix, left, x, { target: 1e-9, mostCycles: 60, breathe: never });
    expect(claimed).toBeLessThanOrEqual(1e-9);
    expect(residual(matrix, x, b)).toBeLessThan(2e-9);
    expect(cycles).toBeLessThan(60);
  });

  it("stops when told to", async () => {
    const mdp = garnet({ states: 3000, actions: 2, branches: 5, seed: 3 }).mdp;
    const matrix = policyMatrix(mdp.storage, 0.999, firstChoices(mdp));
    const outcome = await correct(matrix, random(matrix.size, "b"), new Float64Array(matrix.size), { target: 0, mostCycles: 60, breathe: async () => true });
    expect(outcome.cycles).toBe(1);
  });
});

describe("solve", () => {
  it.each([
    ["a long walk", walk(1500, 0.9999)],
    ["wear", wear(3000, 0.999)],
  ])("resorts to multilevel evaluation for %s, and proves its answer", async (_, mdp) => {
    const best = await solve(mdp, { epsilon: 1e-6 });
    expect(best.status).toBe("converged");
    expect(best.history.some(({ note }) => note?.includes("policy iteration with multilevel evaluation"))).toBe(true);
    expect((await verify(mdp, best)).reasons).toEqual([]);
    expect(best.sweeps).toBeLessThan(3000);
  });

  it("goes to direct solves where a model is small and slow", async () => {
    const mdp = walk(150, 0.99999);
    const best = await solve(mdp, { epsilon: 1e-6 });
    expect(best.status).toBe("converged");
    expect(best.history.some(({ note }) => note?.includes("policy iteration with direct solves"))).toBe(true);
  });

  it("certifies in twice the working precision where one float64 cannot hold the value (values near 1e5 at a discount of 0.99999)", async () => {
    const mdp = walk(24, 0.99999, [1, 3]);
    const truth = exactOptimum(exactFromMdp(mdp)).value;
    for (const method of ["auto", "policy-iteration"] as const) {
      const best = await solve(mdp, { method, epsilon: 1e-9 });
      expect(best.status).toBe("converged");
      expect(best.gap).toBeLessThanOrEqual(2e-9);
      expectInside(truth, { lower: best.bounds.lower.array, upper: best.bounds.upper.array });
    }
  });
});
