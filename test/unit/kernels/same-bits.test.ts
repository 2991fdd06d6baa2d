// The WebAssembly kernel against the reference: the same bits from every operator, on every layout, by any number of threads.
import { afterAll, describe, expect, it } from "vitest";
import { garnet } from "../../../src/envs/index.ts";
import { type BellmanKernel, chooseKernel, cpuKernel, wasmKernel } from "../../../src/kernels/index.ts";
import { buildMdp, LabelIndex, Mdp, type Storage } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { longLayouts, randomLayouts } from "../../support/random-layouts.ts";

function randomVector(kernel: BellmanKernel, rng: Rng): Float64Array {
  const v = kernel.vector();
  for (let s = 0; s < kernel.storage.stateCount; s++) if (kernel.storage.terminal[s] === 0) v[s] = 10 * rng.uniform() - 5;
  return v;
}

const THREADS = [1, 2, 3];

describe.each([...randomLayouts(), ...longLayouts()].flatMap(([name, storage]) => THREADS.map((threads) => ({ name, storage, threads }))))(
  "$name, $threads threads",
  (given) => {
    const { storage, threads } = given;
    const n = storage.stateCount;
    const cpu = cpuKernel(storage, 0.95);
    const wasm = wasmKernel(storage, 0.95, threads, 1) as BellmanKernel;
    afterAll(() => wasm.release());

    function compare(run: (kernel: BellmanKernel, policy: Int32Array, change: { min: number; max: number }) => Float64Array): void {
      const [a, b] = [cpu, wasm].map((kernel) => {
        const policy = new Int32Array(n).fill(-1);
        const change = { min: Infinity, max: -Infinity };
        const out = run(kernel, policy, change);
        return { out: [...out], policy: [...policy], change };
      });
      expect(b).toEqual(a);
    }

    it("sweeps alike, in slices and from incumbents", () => {
      compare((kernel, policy, change) => {
        const v = randomVector(kernel, new Rng(1));
        const out = kernel.vector();
        for (const [from, to] of [
          [0, 100],
          [100, n],
        ] as const)
          kernel.sweep(v, out, policy, from, to, change);
        kernel.sweep(out, v, policy, 0, n, change);
        return v;
      });
    });

    it("evaluates a policy held alike, also after another one was held", () => {
      compare((kernel, policy, change) => {
        const v = randomVector(kernel, new Rng(7));
        const out = kernel.vector();
        for (let round = 0; round < 3; round++) {
          kernel.sweep(v, out, policy, 0, n, change);
          kernel.hold(policy, 0, 150);
          kernel.hold(policy, 150, n);
          kernel.heldSweep(out, v, policy, 0, 99, change);
          kernel.heldSweep(out, v, policy, 99, n, change);
        }
        return v;
      });
    });

    it("goes on with what it knows of v in the next slice only", () => {
      compare((kernel, policy, change) => {
        const v = randomVector(kernel, new Rng(8));
        const out = kernel.vector();
        kernel.sweep(v, out, policy, 0, 100, change);
        v.set(randomVector(kernel, new Rng(9)));
        kernel.sweep(v, out, policy, 50, n, change);
        kernel.sweep(out, v, policy, 0, n, change);
        return v;
      });
    });

    it("evaluates policies alike", () => {
      compare((kernel, policy, change) => {
        const v = randomVector(kernel, new Rng(2));
        const out = kernel.vector();
        kernel.sweep(v, out, policy, 0, n, change);
        kernel.policySweep(out, v, policy, 0, n, change);
        return v;
      });
    });

    it.each([false, true])("sweeps in place alike, backwards: %s", (backwards) => {
      compare((kernel, policy, change) => {
        const v = randomVector(kernel, new Rng(3));
        kernel.gaussSeidel(v, policy, 0, n, change, backwards);
        kernel.policyGaussSeidel(v, policy, 0, n, change, backwards);
        return v;
      });
    });

    it.each([0, 1e-3, 0.2])("finds the greedy choices within %s alike, also into vectors of the caller's", (tolerance) => {
      for (const outside of [false, true]) {
        compare((kernel, policy, change) => {
          const v = randomVector(kernel, new Rng(6));
          const [best, chosen] = outside ? [new Float64Array(n + 1).fill(3), new Float64Array(n + 1).fill(3)] : [kernel.vector(), kernel.vector()];
          kernel.greedyWithin(v, tolerance, best, chosen, policy, 0, 120, change);
          kernel.greedyWithin(v, tolerance, best, chosen, policy, 120, n, change);
          return Float64Array.from([...best, ...chosen]);
        });
      }
    });

    it("computes Q alike, also from and into vectors of the caller's", () => {
      compare((kernel) => {
        const v = new Float64Array(n + 1);
        v.set(randomVector(kernel, new Rng(4)));
        const q = new Float64Array(storage.choiceCount);
        kernel.q(v, q, 0, n);
        return q;
      });
      compare((kernel, policy, change) => {
        const v = new Float64Array(n + 1);
        v.set(randomVector(kernel, new Rng(5)));
        const out = new Float64Array(n + 1);
        kernel.sweep(v, out, policy, 0, n, change);
        kernel.gaussSeidel(out, policy, 0, n, change, false);
        return out;
      });
    });
  },
);

describe("chooseKernel", () => {
  it("takes the reference for small models, WebAssembly for large ones, and what it is told", () => {
    const small = buildMdp({ states: 2, actions: 1 }, (s, model) => {
      model.choice(0, 1);
      model.branch(1 - s, 1);
    }).storage;
    const large = buildMdp({ states: 30_000, actions: 1 }, (s, model) => {
      model.choice(0, 1);
      model.branch(s, 1);
    }).storage;
    expect(chooseKernel(small, 0.9, { device: "auto", threads: 1 }).name).toBe("cpu");
    expect(chooseKernel(large, 0.9, { device: "auto", threads: 1 }).name).toBe("wasm");
    expect(chooseKernel(small, 0.9, { device: "wasm", threads: 1 }).name).toBe("wasm");
    expect(chooseKernel(large, 0.9, { device: "cpu", threads: 1 }).name).toBe("cpu");
    expect(() => chooseKernel(small, 0.9, { device: "gpu" as never, threads: 1 })).toThrow('device is "gpu"');
  });
});

describe("threads", () => {
  const large = garnet({ states: 3000, actions: 6, branches: 8, seed: 3 }).mdp;

  it("really share: helpers take chunks of the work", async () => {
    const kernel = wasmKernel(large.storage, 0.9, 2, 1) as BellmanKernel;
    const [v, out, policy] = [kernel.vector(), kernel.vector(), kernel.policy()];
    const seen = new Set<boolean>();
    for (let round = 0; round < 400 && seen.size < 2; round++) {
      kernel.sweep(v, out, policy, 0, 3000, { min: 0, max: 0 });
      seen.add(kernel.helped > 0);
      // A helper takes some 40 ms to start; a thread of this machine may be busy elsewhere.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(seen).toContain(true);
  });

  it("any number of them makes the same solve, to the last bit", async () => {
    for (const method of ["auto", "value-iteration", "policy-iteration", "modified-policy-iteration"] as const) {
      const [one, ...others] = await Promise.all([1, 2, 3, 7].map((threads) => solve(large, { method, device: "wasm", threads, epsilon: 1e-7 })));
      expect([one, ...others].map((solution) => solution?.threads)).toEqual([1, 2, 3, 7]);
      for (const other of others) {
        expect(other.value.array).toEqual(one?.value.array);
        expect(other.bounds.lower.array).toEqual(one?.bounds.lower.array);
        expect(other.bounds.upper.array).toEqual(one?.bounds.upper.array);
        expect(other.policy.choice).toEqual(one?.policy.choice);
        expect(other.sweeps).toBe(one?.sweeps);
      }
    }
  });

  it.each([0, -1, 1.5, 257, Number.NaN, "two"])("%s of them is refused", async (threads) => {
    await expect(solve(large, { threads: threads as number })).rejects.toThrow(/threads is .*expected "auto" or an integer from 1 to 256/);
  });
});

describe("arenas", () => {
  it("hold one kernel at a time; the next one takes memory of its own, and after a release the arena again", async () => {
    const states = LabelIndex.range("state", 400);
    const [, storage] = randomLayouts()[3] as [string, Storage];
    const mdp = new Mdp({ states, actions: LabelIndex.range("action", 9), storage, discount: 0.9 });
    expect(storage.arena?.busy).toBe(false);
    const first = wasmKernel(storage, 0.9) as BellmanKernel;
    expect(storage.arena?.busy).toBe(true);
    const [beside, alone] = [await solve(mdp, { device: "wasm" }), await solve(mdp, { device: "cpu" })];
    expect(beside.value.array).toEqual(alone.value.array);
    expect(first.vector().every((x) => x === 0)).toBe(true);
    first.release();
    await solve(mdp, { device: "wasm", discount: 0.5 });
    expect(storage.arena?.busy).toBe(false);
    expect((await solve(mdp, { device: "wasm", objective: "minimize" })).value.array).toEqual(
      (await solve(mdp, { device: "cpu", objective: "minimize" })).value.array,
    );
  });

  it("are not swept by what a helper remembers of the solve before: another discount, other rewards", async () => {
    const [, storage] = randomLayouts()[3] as [string, Storage];
    const n = storage.stateCount;
    const turned = { ...storage, reward: storage.reward.map((r) => -r) };
    const cases = [
      [storage, 0.9],
      [storage, 0.5],
      [turned, 0.5],
    ] as const;
    const expected = cases.map(([model, discount]) => {
      const reference = cpuKernel(model, discount);
      const out = reference.vector();
      reference.sweep(randomVector(reference, new Rng("helped")), out, reference.policy(), 0, n, { min: 0, max: 0 });
      return out;
    });
    // One kernel after the other with no time between them: the helper is still awake in the memory they share.
    for (let round = 0; round < 60; round++) {
      for (const [k, [model, discount]] of cases.entries()) {
        const kernel = wasmKernel(model, discount, 2, 1) as BellmanKernel;
        const [v, out, policy] = [randomVector(kernel, new Rng("helped")), kernel.vector(), kernel.policy()];
        for (let again = 0; again < 200 && kernel.helped === 0; again++) kernel.sweep(v, out, policy, 0, n, { min: 0, max: 0 });
        kernel.sweep(v, out, policy, 0, n, { min: 0, max: 0 });
        expect(Array.prototype.every.call(out, (x, s) => x === expected[k]?.[s])).toBe(true);
        kernel.release();
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });

  it("are let go of where a solve fails or is cancelled", async () => {
    const [, storage] = randomLayouts()[3] as [string, Storage];
    const mdp = new Mdp({ states: LabelIndex.range("state", 400), actions: LabelIndex.range("action", 9), storage, discount: 0.9 });
    await solve(mdp, { device: "wasm", signal: AbortSignal.abort() });
    expect(storage.arena?.busy).toBe(false);
    const failing = () => {
      throw new Error("told");
    };
    await expect(solve(mdp, { device: "wasm", onProgress: failing })).rejects.toThrow("told");
    expect(storage.arena?.busy).toBe(false);
  });
});

describe("solve", () => {
  it.each(["auto", "value-iteration", "gauss-seidel", "policy-iteration", "modified-policy-iteration"] as const)(
    "gives the same bits on both kernels: %s",
    async (method) => {
      for (const [, storage] of randomLayouts()) {
        const states = LabelIndex.range("state", storage.stateCount);
        const mdp = new Mdp({ states, actions: LabelIndex.range("action", 3), storage, discount: 0.9 });
        const [cpu, wasm] = [await solve(mdp, { method, device: "cpu" }), await solve(mdp, { method, device: "wasm" })];
        expect([cpu.device, wasm.device]).toEqual(["cpu", "wasm"]);
        expect(wasm.value.array).toEqual(cpu.value.array);
        expect(wasm.bounds.lower.array).toEqual(cpu.bounds.lower.array);
        expect(wasm.policy.choice).toEqual(cpu.policy.choice);
        expect(wasm.sweeps).toBe(cpu.sweeps);
      }
    },
  );
});
