// The WebAssembly kernel against the reference: the same bits from every operator, on every layout.
import { describe, expect, it } from "vitest";
import { type BellmanKernel, chooseKernel, cpuKernel, wasmKernel } from "../../../src/kernels/index.ts";
import { buildMdp, LabelIndex, Mdp, type Storage } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import { solve } from "../../../src/solvers/index.ts";

/** Random rows of one width, of many widths, and repeated rows that are stored once. */
function layouts(): [string, Storage][] {
  const random = (states: number, width: (rng: Rng) => number, seed: string) => {
    const rng = new Rng(seed);
    return buildMdp({ states, actions: 3 }, (s, model) => {
      if (s % 17 === 16) {
        model.terminal();
        return;
      }
      for (let a = 0; a < 3; a++) {
        if (rng.chance(0.2) && a > 0) continue;
        model.choice(a, rng.uniform() - 0.5);
        const n = width(rng);
        for (let k = 0; k < n; k++) model.branch((rng.below(states / n) + (k * states) / n) | 0, 1 / n, undefined, rng.chance(0.02));
      }
    }).storage;
  };
  const shared = buildMdp({ states: 3000, actions: 2 }, (s, model) => {
    for (let a = 0; a < 2; a++) {
      model.choice(a, s + a);
      for (let k = 0; k < 4; k++) model.branch((s % 10) * 7 + a + k * 100, 0.25);
    }
  }).storage;
  return [
    ["rows of one width", random(400, () => 4, "fixed")],
    ["rows of many widths", random(400, (rng) => 1 + rng.below(6), "ragged")],
    ["shared rows", shared],
  ];
}

function randomVector(kernel: BellmanKernel, rng: Rng): Float64Array {
  const v = kernel.vector();
  for (let s = 0; s < kernel.storage.stateCount; s++) if (kernel.storage.terminal[s] === 0) v[s] = 10 * rng.uniform() - 5;
  return v;
}

describe.each(layouts())("%s", (_, storage) => {
  const n = storage.stateCount;
  const cpu = cpuKernel(storage, 0.95);
  const wasm = wasmKernel(storage, 0.95) as BellmanKernel;

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
});

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
    expect(chooseKernel(small, 0.9, "auto").name).toBe("cpu");
    expect(chooseKernel(large, 0.9, "auto").name).toBe("wasm");
    expect(chooseKernel(small, 0.9, "wasm").name).toBe("wasm");
    expect(chooseKernel(large, 0.9, "cpu").name).toBe("cpu");
    expect(() => chooseKernel(small, 0.9, "gpu" as never)).toThrow('device is "gpu"');
  });
});

describe("solve", () => {
  it.each(["auto", "value-iteration", "gauss-seidel", "policy-iteration", "modified-policy-iteration"] as const)(
    "gives the same bits on both kernels: %s",
    async (method) => {
      for (const [, storage] of layouts()) {
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
