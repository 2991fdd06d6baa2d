// The solves of a policy's system, by components, by band and by iteration, and the automatic choice that resorts to them.
import { describe, expect, it } from "vitest";
import { garnet, grid } from "../../../src/envs/index.ts";
import { buildMdp, type Label, type Mdp } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { factoriseBand } from "../../../src/solvers/evaluation/band.ts";
import { components } from "../../../src/solvers/evaluation/components.ts";
import { iterate } from "../../../src/solvers/evaluation/krylov.ts";
import { solveSystem } from "../../../src/solvers/evaluation/solve-system.ts";
import { policyMatrix, type SparseMatrix } from "../../../src/solvers/evaluation/sparse-matrix.ts";
import { solve, verify } from "../../../src/solvers/index.ts";
import { solveOutLoops } from "../../../src/solvers/solve-out-loops.ts";
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

function residual({ size, offsets, columns, values, diagonal }: SparseMatrix, x: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let i = 0; i < size; i++) {
    let sum = b[i]! - diagonal[i]! * x[i]!;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) sum -= values[k]! * x[columns[k]!]!;
    most = Math.max(most, Math.abs(sum));
  }
  return most;
}

const breathe = () => undefined;

function random(n: number, seed: string): Float64Array {
  const rng = new Rng(seed);
  return Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
}

describe("factoriseBand", () => {
  it.each([1, 2, 3, 50, 1001])("solves a walk of %s states numbered at random", async (states) => {
    const mdp = walk(states, 0.999);
    const matrix = policyMatrix(mdp.storage, 0.999, firstChoices(mdp));
    const b = random(states, "b");
    const x = b.slice();
    const factors = await factoriseBand(matrix, breathe);
    expect(factors?.width).toBeLessThanOrEqual(5);
    factors?.solve(x);
    expect(residual(matrix, x, b)).toBeLessThan(1e-11);
  });

  it("solves several parts at once, and a narrow grid", async () => {
    const mdp = grid({ rows: 5, columns: 40, slip: 0.3, walls: 0.3, seed: 4 }).mdp;
    const matrix = policyMatrix(mdp.storage, 0.99, firstChoices(mdp));
    const b = random(200, "b");
    const x = b.slice();
    (await factoriseBand(matrix, breathe))?.solve(x);
    expect(residual(matrix, x, b)).toBeLessThan(1e-11);
  });

  it("finds no band where a state depends on very many, or on states far away", async () => {
    const far = garnet({ states: 2000, actions: 1, branches: 3, seed: 1 }).mdp;
    const hub = buildMdp({ states: 600, actions: 1 }, (_, model) => {
      model.choice(0, 1);
      for (let t = 0; t < 600; t++) model.branch(t, 1 / 600);
    });
    for (const mdp of [far, hub]) expect(await factoriseBand(policyMatrix(mdp.storage, 0.9, firstChoices(mdp)), breathe)).toBeUndefined();
  });
});

describe("components", () => {
  /** Which unknowns lead where, by searching from each: the slow way. */
  function reach({ size, offsets, columns }: SparseMatrix): boolean[][] {
    return Array.from({ length: size }, (_, start) => {
      const seen = new Array<boolean>(size).fill(false);
      const stack = [start];
      seen[start] = true;
      for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
        for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
          const j = columns[k]!;
          if (!seen[j]) stack.push(j);
          seen[j] = true;
        }
      }
      return seen;
    });
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("are the strong components, successors first (random system %s)", async (seed) => {
    const mdp = garnet({ states: 60, actions: 1, branches: 1 + (seed % 3), seed }).mdp;
    const matrix = policyMatrix(mdp.storage, 0.9, firstChoices(mdp));
    const { order, starts } = await components(matrix, breathe);
    const leads = reach(matrix);
    const component = new Int32Array(60);
    for (let k = 0; k + 1 < starts.length; k++) for (let i = starts[k]!; i < starts[k + 1]!; i++) component[order[i]!] = k;
    expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    for (let i = 0; i < 60; i++) {
      for (let j = 0; j < 60; j++) {
        expect(component[i] === component[j]).toBe(leads[i]![j]! && leads[j]![i]!);
        if (leads[i]![j]) expect(component[j]).toBeLessThanOrEqual(component[i]!);
      }
    }
  });
});

describe("solveSystem", () => {
  const models: readonly (readonly [string, Mdp<Label, Label>, number])[] = [
    ["a grid with terminals", grid({ rows: 60, columns: 60, slip: 0.3, walls: 0.2, seed: 2 }).mdp, 0.999],
    ["a walk", walk(800, 0.9999), 0.9999],
    ["wear", wear(4000, 0.999), 0.999],
    ["small circles", garnet({ states: 500, actions: 1, branches: 1, seed: 5 }).mdp, 0.999],
    ["a garnet, which has to be iterated", garnet({ states: 3000, actions: 2, branches: 5, seed: 3 }).mdp, 0.9999],
  ];

  it.each(models)("solves %s", async (_, mdp, discount) => {
    const matrix = policyMatrix(mdp.storage, discount, firstChoices(mdp));
    const b = random(matrix.size, "b");
    const x = random(matrix.size, "guess");
    const { left, iterations } = await solveSystem(matrix, b, x, { reduction: 1e-12, breathe, stop: () => false });
    expect(left).toBeLessThanOrEqual(1e-12);
    expect(residual(matrix, x, b)).toBeLessThan(1e-8);
    expect(iterations > 0).toBe(mdp.stateCount === 3000);
  });
});

describe("solveOutLoops", () => {
  it("changes no policy's value, and leaves no loop", async () => {
    const { mdp } = grid({ rows: 12, columns: 12, slip: 0.3, walls: 0.3, seed: 5 });
    const { storage } = mdp;
    const policy = firstChoices(mdp);
    const value = async (model: typeof storage) => {
      const b = Float64Array.from(policy, (c) => (c < 0 ? 0 : model.reward[c]!));
      const x = new Float64Array(model.stateCount);
      const matrix = policyMatrix(model, 0.95, policy);
      await solveSystem(matrix, b, x, { reduction: 1e-12, breathe, stop: () => false });
      return { x, diagonal: matrix.diagonal };
    };
    const before = await value(storage);
    expect(before.diagonal.some((d) => d !== 1)).toBe(true);
    const own = { ...storage, target: storage.target.slice(), probability: storage.probability.slice(), reward: storage.reward.slice() };
    solveOutLoops(own, 0.95);
    const after = await value(own);
    expect(after.diagonal.every((d) => d === 1)).toBe(true);
    for (const [s, x] of before.x.entries()) expect(after.x[s]).toBeCloseTo(x, 10);
  });
});

describe("iterate", () => {
  it("needs as many iterations as there are states that hold the others together", async () => {
    const mdp = wear(4000, 0.999);
    const matrix = policyMatrix(mdp.storage, 0.999, firstChoices(mdp));
    const b = random(matrix.size, "b");
    const x = new Float64Array(matrix.size);
    const { left, iterations } = await iterate(matrix, b, x, 1e-10, async () => false);
    expect(left).toBeLessThanOrEqual(1e-10);
    expect(iterations).toBeLessThanOrEqual(4);
  });

  it("stops when told to", async () => {
    const mdp = garnet({ states: 3000, actions: 2, branches: 5, seed: 3 }).mdp;
    const matrix = policyMatrix(mdp.storage, 0.999, firstChoices(mdp));
    const outcome = await iterate(matrix, random(matrix.size, "b"), new Float64Array(matrix.size), 0, async () => true);
    expect(outcome.iterations).toBe(1);
  });
});

describe("solve", () => {
  it.each([
    ["a long walk", walk(1500, 0.9999)],
    ["wear", wear(3000, 0.999)],
  ])("evaluates policies by components for %s, and proves its answer", async (_, mdp) => {
    const best = await solve(mdp, { epsilon: 1e-6 });
    expect(best.status).toBe("converged");
    expect(best.history.some(({ note }) => note?.includes("policies evaluated component by component"))).toBe(true);
    expect((await verify(mdp, best)).reasons).toEqual([]);
    expect(best.sweeps).toBeLessThan(300);
  });

  it("sweeps once where states are numbered along the course of the process", async () => {
    const mdp = buildMdp({ states: 400, actions: 2, discount: 0.99 }, (s, model) => {
      if (s === 399) return model.terminal();
      for (const a of [0, 1]) {
        model.choice(a, ((7 * s + 3 * a) % 11) / 11);
        model.branch(s, 0.25);
        model.branch(Math.min(399, s + 1 + ((5 * s + a) % 9)), 0.75);
      }
    });
    const best = await solve(mdp, { epsilon: 1e-9 });
    expect(best.status).toBe("converged");
    expect(best.sweeps).toBe(1);
    expect((await verify(mdp, best)).reasons).toEqual([]);
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
