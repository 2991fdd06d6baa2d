// The kernel suite: what every Bellman kernel must compute, on CPUs and devices, under Node and in a browser page. Imports nothing of Node's, nor a test runner.
import type { BellmanKernel } from "../../src/kernels/index.ts";
import type { TensorKernel, TensorKernelOptions } from "../../src/kernels/tensor/index.ts";
import { buildMdp, type Storage } from "../../src/mdp/index.ts";
import { Rng } from "../../src/numeric/index.ts";
import { randomLayouts } from "../support/random-layouts.ts";

/** A kernel by whole sweeps over plain arrays: values S numbers, policies S choices, Q C numbers. */
export interface KernelUnderTest {
  sweep(v: Float64Array): Promise<Float64Array>;
  policySweep(v: Float64Array, policy: Int32Array): Promise<Float64Array>;
  q(v: Float64Array): Promise<Float64Array>;
  greedy(v: Float64Array, incumbent?: Int32Array): Promise<Int32Array>;
  /** The smallest and largest change of a sweep. */
  change(v: Float64Array): Promise<[number, number]>;
  dispose(): void;
}

export interface KernelMaker {
  /** The largest relative rounding of one operation. */
  readonly roundoff: number;
  make(storage: Storage, discount: number): KernelUnderTest;
  /** Only of kernels that sweep tensors. */
  makeTensors?(storage: Storage, discount: number, options: TensorKernelOptions): TensorKernel;
  /** The backend cuts long arrays: cases make it cut short ones. */
  readonly cuts?: boolean;
}

export interface KernelCase {
  readonly name: string;
  /** Throws where the kernel is wrong. */
  run(kernels: KernelMaker): Promise<void>;
  /** Whether the kernel has what the case is about. */
  applies(kernels: KernelMaker): boolean;
}

/** A CPU kernel as the suite sees it. */
export function onArrays(kernel: BellmanKernel): KernelUnderTest {
  const n = kernel.storage.stateCount;
  const vectorOf = (v: Float64Array) => {
    const vector = kernel.vector();
    vector.set(v);
    return vector;
  };
  const sweep = (v: Float64Array, policy: Int32Array) => {
    const out = kernel.vector();
    const change = { min: Infinity, max: -Infinity };
    kernel.sweep(vectorOf(v), out, policy, 0, n, change);
    return { out: out.slice(0, n), change };
  };
  return {
    sweep: async (v) => sweep(v, new Int32Array(n).fill(-1)).out,
    async policySweep(v, policy) {
      const out = kernel.vector();
      kernel.policySweep(vectorOf(v), out, policy, 0, n, { min: 0, max: 0 });
      return out.slice(0, n);
    },
    async q(v) {
      const q = new Float64Array(kernel.storage.choiceCount);
      kernel.q(vectorOf(v), q, 0, n);
      return q;
    },
    async greedy(v, incumbent) {
      const policy = incumbent?.slice() ?? new Int32Array(n).fill(-1);
      sweep(v, policy);
      return policy;
    },
    async change(v) {
      const { change } = sweep(v, new Int32Array(n).fill(-1));
      return [change.min, change.max];
    },
    dispose: () => kernel.release(),
  };
}

/** A tensor kernel as the suite sees it. */
export function onTensors(kernel: TensorKernel): KernelUnderTest {
  const { tf } = kernel;
  const policyTensor = (policy: Int32Array) => tf.tensor(policy, [policy.length], "int32");
  return {
    sweep: (v) => reading(kernel, [kernel.values(v)], ([x]) => kernel.sweep(x)),
    policySweep: (v, policy) => reading(kernel, [kernel.values(v), policyTensor(policy)], ([x, y]) => kernel.policySweep(x, y)),
    q: (v) => reading(kernel, [kernel.values(v)], ([x]) => kernel.q(x)),
    async greedy(v, incumbent) {
      const given = incumbent === undefined ? [] : [policyTensor(incumbent)];
      return Int32Array.from(await reading(kernel, [kernel.values(v), ...given], ([x, y]) => kernel.greedy(x, y)));
    },
    async change(v) {
      const x = kernel.values(v);
      const next = kernel.sweep(x);
      const [min = Number.NaN, max = Number.NaN] = await reading(kernel, [x, next], ([a, b]) => kernel.change(a, b));
      return [min, max];
    },
    dispose: () => kernel.dispose(),
  };
}

type Tensors = ReturnType<TensorKernel["values"]>[];

/** What an operator answers to some tensors, which are disposed of. */
async function reading(kernel: TensorKernel, given: Tensors, work: (given: Tensors & [Tensors[0], Tensors[0]]) => Tensors[0]): Promise<Float64Array> {
  const result = work(given as Tensors & [Tensors[0], Tensors[0]]);
  try {
    return Float64Array.from(await kernel.read(result));
  } finally {
    for (const tensor of [result, ...given]) tensor.dispose();
  }
}

/** Models that try the layouts of kernels: those of the CPU kernels, and edges of slices of 64 states. */
export function suiteModels(): [string, Storage][] {
  const line = (states: number) =>
    buildMdp({ states, actions: 2 }, (s, model) => {
      for (let a = 0; a < 2; a++) {
        model.choice(a, s * 0.5 - a);
        model.branch(Math.min(states - 1, s + a), 0.5);
        model.branch(0, 0.5);
      }
    }).storage;
  const lopsided = buildMdp({ states: 200, actions: 40 }, (s, model) => {
    if (s % 3 === 0) return model.terminal();
    const choices = s === 100 ? 40 : 1 + (s % 3);
    for (let a = 0; a < choices; a++) {
      model.choice(a, a - s / 7);
      const width = s === 100 ? 50 : 1 + ((s + a) % 4);
      for (let k = 0; k < width; k++) model.branch((s + 3 * k) % 200, 1 / width);
    }
  }).storage;
  return [...randomLayouts(), ["a single state", line(1)], ["64 states", line(64)], ["65 states", line(65)], ["one state with most of the branches", lopsided]];
}

const DISCOUNT = 0.95;

/** Every model and operator, against loops of the plainest kind. */
export function kernelCases(): KernelCase[] {
  const always = () => true;
  const cases: KernelCase[] = [];
  for (const [name, storage] of suiteModels()) {
    const v = randomValues(storage, new Rng(name));
    const truth = textbookQ(storage, DISCOUNT, v);
    const size = Math.max(...storage.reward.map(Math.abs)) + Math.max(...v.map(Math.abs)) + 1;
    const withKernel = (
      what: string,
      body: (kernel: KernelUnderTest, close: (got: Float64Array, expected: Float64Array, where: string) => void) => Promise<void>,
    ) =>
      cases.push({
        name: `${name}: ${what}`,
        applies: always,
        async run(kernels) {
          const kernel = kernels.make(storage, DISCOUNT);
          try {
            await body(kernel, (got, expected, where) => requireClose(got, expected, 64 * kernels.roundoff * size, where));
          } finally {
            kernel.dispose();
          }
        },
      });
    withKernel("Q", async (kernel, close) => close(await kernel.q(v), truth, "q"));
    withKernel("V = max Q, and how much it changed", async (kernel, close) => {
      const best = bestOf(storage, truth);
      close(await kernel.sweep(v), best, "sweep");
      const change = best.map((x, s) => x - v[s]!);
      close(Float64Array.from(await kernel.change(v)), Float64Array.of(Math.min(...change), Math.max(...change)), "change");
    });
    withKernel("a sweep of a policy", async (kernel, close) => {
      const rng = new Rng(`${name} policy`);
      const policy = policyBy(storage, (first, end) => first + rng.below(end - first));
      close(await kernel.policySweep(v, policy), ofPolicy(truth, policy), "policy sweep");
    });
    withKernel("the greedy policy takes a best choice", async (kernel, close) => {
      const policy = await kernel.greedy(v);
      requirePolicy(storage, policy);
      close(ofPolicy(truth, policy), bestOf(storage, truth), "greedy");
    });
    withKernel("a tie keeps the incumbent, and is the lowest without one", async (kernel) => {
      // All choices of a state are worth the same where nothing follows: rewards decide, and these are exact in any precision.
      const zero = new Float64Array(storage.stateCount);
      const q = storage.reward.map((r) => Math.fround(r));
      const lowest = policyBy(storage, (first, end) => best(q, first, end));
      requireSame(await kernel.greedy(zero), lowest, "greedy from zero");
      const last = policyBy(storage, (_, end) => end - 1);
      const kept = policyBy(storage, (first, end) => (q[end - 1] === q[best(q, first, end)] ? end - 1 : best(q, first, end)));
      requireSame(await kernel.greedy(zero, last), kept, "greedy with an incumbent");
    });
  }
  return [...cases, ...tieCases(), ...tensorCases()];
}

function best(q: ArrayLike<number>, first: number, end: number): number {
  let at = first;
  for (let c = first; c < end; c++) if (q[c]! > q[at]!) at = c;
  return at;
}

/** Ties on purpose: the same reward for every action. */
function tieCases(): KernelCase[] {
  const tied = buildMdp({ states: 130, actions: 4 }, (s, model) => {
    if (s === 7) return model.terminal();
    for (let a = 0; a < 4; a++) {
      model.choice(a, 1);
      model.branch(s, 0.5);
      model.branch((s + 1) % 130, 0.5);
    }
  }).storage;
  return [
    {
      name: "tied choices: the incumbent stays, whichever it is",
      applies: () => true,
      async run(kernels) {
        const kernel = kernels.make(tied, 0.5);
        const v = new Float64Array(130).fill(2);
        v[7] = 0;
        for (const offset of [0, 2, 3]) {
          const incumbent = policyBy(tied, (first) => first + offset);
          requireSame(await kernel.greedy(v, incumbent), incumbent, `incumbent ${offset}`);
        }
        requireSame(
          await kernel.greedy(v),
          policyBy(tied, (first) => first),
          "no incumbent",
        );
        kernel.dispose();
      },
    },
  ];
}

/** What only tensors have: batches, rewards and discounts by column, shifts, arrays that are cut, nothing left behind. */
function tensorCases(): KernelCase[] {
  const cases: KernelCase[] = [];
  const tensorCase = (name: string, run: (make: NonNullable<KernelMaker["makeTensors"]>, kernels: KernelMaker) => Promise<void>, cut = false) =>
    cases.push({
      name,
      applies: ({ makeTensors, cuts }) => makeTensors !== undefined && (!cut || cuts === true),
      run: async (kernels) => {
        if (kernels.makeTensors !== undefined) await run(kernels.makeTensors, kernels);
      },
    });
  for (const [name, storage] of suiteModels()) {
    const { stateCount: n, choiceCount } = storage;
    tensorCase(`${name}: a batch sweeps each column by itself, with its own rewards and discount`, async (make, { roundoff }) => {
      const discounts = [0.5, 0.9, 0.99];
      const batch = discounts.length;
      const rng = new Rng(`${name} batch`);
      const columns = discounts.map(() => ({ v: randomValues(storage, rng), reward: Float64Array.from({ length: choiceCount }, () => rng.uniform() - 0.5) }));
      const together = (parts: Float64Array[]) => Float64Array.from({ length: parts[0]!.length * batch }, (_, i) => parts[i % batch]![Math.floor(i / batch)]!);
      const kernel = make(storage, Number.NaN, { batch, discounts });
      kernel.setReward(together(columns.map(({ reward }) => reward)));
      const v = () => kernel.values(together(columns.map((column) => column.v)));
      const truths = columns.map((column, b) => textbookQ({ ...storage, reward: column.reward }, discounts[b]!, column.v));
      const bests = truths.map((q) => bestOf(storage, q));
      requireClose(await reading(kernel, [v()], ([x]) => kernel.sweep(x)), together(bests), 2000 * roundoff, "sweep");
      requireClose(await reading(kernel, [v()], ([x]) => kernel.q(x)), together(truths), 2000 * roundoff, "q");
      const policy = Int32Array.from(await reading(kernel, [v()], ([x]) => kernel.greedy(x)));
      for (let b = 0; b < batch; b++) {
        const column = policy.filter((_, i) => i % batch === b);
        requirePolicy(storage, column);
        requireClose(ofPolicy(truths[b]!, column), bests[b]!, 2000 * roundoff, "greedy");
      }
      const swept = await reading(kernel, [v(), kernel.tf.tensor(policy, [n, batch], "int32")], ([x, y]) => kernel.policySweep(x, y));
      requireClose(swept, together(bests), 2000 * roundoff, "policy sweep");
      const changes = bests.map((column, b) => column.map((x, s) => x - columns[b]!.v[s]!));
      const [x, y] = [v(), kernel.values(together(bests))];
      const change = await reading(kernel, [x, y], ([a, b]) => kernel.change(a, b));
      requireClose(change, Float64Array.from([...changes.map((d) => Math.min(...d)), ...changes.map((d) => Math.max(...d))]), 2000 * roundoff, "change");
      kernel.dispose();
    });
    tensorCase(
      `${name}: arrays that are cut give the same numbers`,
      async (make) => {
        const v = randomValues(storage, new Rng(`${name} cut`));
        const whole = make(storage, DISCOUNT, {});
        const cut = make(storage, DISCOUNT, { bindingLimit: Math.max(4 * n, 4 * storage.rowCount, 9000) });
        for (const operator of ["sweep", "q", "greedy"] as const) {
          const answer = (kernel: TensorKernel) => reading(kernel, [kernel.values(v)], ([x]) => kernel[operator](x));
          requireSame(await answer(cut), await answer(whole), operator);
        }
        const policy = policyBy(storage, (_, end) => end - 1);
        const swept = (kernel: TensorKernel) =>
          reading(kernel, [kernel.values(v), kernel.tf.tensor(policy, [n], "int32")], ([x, y]) => kernel.policySweep(x, y));
        requireSame(await swept(cut), await swept(whole), "policy sweep");
        for (const kernel of [whole, cut]) kernel.dispose();
      },
      true,
    );
    tensorCase(`${name}: a shift is added where there are choices, rewards are scaled, and no tensor is left`, async (make, { roundoff }) => {
      const v = randomValues(storage, new Rng(`${name} shift`));
      const kernelBefore = make(storage, DISCOUNT, {});
      const { tf } = kernelBefore;
      kernelBefore.dispose();
      const before = tf.memory().numTensors;
      const kernel = make(storage, DISCOUNT, {});
      kernel.setReward(storage.reward, 0.25);
      const expected = bestOf(storage, textbookQ({ ...storage, reward: storage.reward.map((r) => 0.25 * r) }, DISCOUNT, v)).map((x, s) =>
        storage.stateChoices[s] === storage.stateChoices[s + 1] ? 0 : x + 3,
      );
      const size = Math.max(...storage.reward.map(Math.abs)) + 10;
      requireClose(await reading(kernel, [kernel.values(v)], ([x]) => kernel.sweep(x, 3)), expected, 64 * roundoff * size, "shifted sweep");
      const policy = Int32Array.from(await reading(kernel, [kernel.values(v)], ([x]) => kernel.greedy(x)));
      const swept = await reading(kernel, [kernel.values(v), tf.tensor(policy, [n], "int32")], ([x, y]) => kernel.policySweep(x, y, 3));
      requireClose(swept, expected, 64 * roundoff * size, "shifted policy sweep");
      kernel.dispose();
      if (tf.memory().numTensors !== before) throw new Error(`${tf.memory().numTensors} tensors, expected the ${before} there were before`);
    });
  }
  return cases;
}

function randomValues({ stateCount, terminal }: Storage, rng: Rng): Float64Array {
  return Float64Array.from({ length: stateCount }, (_, s) => (terminal[s] === 1 ? 0 : 10 * rng.uniform() - 5));
}

/** Q by the definition. */
function textbookQ({ stateCount, choiceCount, choiceRow, rowBranches, target, probability, reward }: Storage, discount: number, v: Float64Array): Float64Array {
  return Float64Array.from({ length: choiceCount }, (_, c) => {
    const row = choiceRow?.[c] ?? c;
    let sum = 0;
    for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) if (target[b]! < stateCount) sum += probability[b]! * v[target[b]!]!;
    return reward[c]! + discount * sum;
  });
}

function bestOf({ stateCount, stateChoices }: Storage, q: Float64Array): Float64Array {
  return Float64Array.from({ length: stateCount }, (_, s) => {
    const row = q.subarray(stateChoices[s], stateChoices[s + 1]);
    return row.length === 0 ? 0 : Math.max(...row);
  });
}

function ofPolicy(q: Float64Array, policy: Int32Array): Float64Array {
  return Float64Array.from(policy, (c) => (c < 0 ? 0 : q[c]!));
}

/** -1 in terminal states. */
function policyBy({ stateCount, stateChoices }: Storage, choose: (first: number, end: number) => number): Int32Array {
  return Int32Array.from({ length: stateCount }, (_, s) => (stateChoices[s] === stateChoices[s + 1] ? -1 : choose(stateChoices[s]!, stateChoices[s + 1]!)));
}

function requirePolicy({ stateChoices }: Storage, policy: Int32Array): void {
  for (const [s, c] of policy.entries()) {
    const [first, end] = [stateChoices[s]!, stateChoices[s + 1]!];
    if (first === end ? c !== -1 : !(c >= first && c < end))
      throw new Error(`state ${s} takes choice ${c}, expected ${first === end ? -1 : `${first} to ${end - 1}`}`);
  }
}

function requireClose(got: Float64Array, expected: Float64Array, tolerance: number, where: string): void {
  if (got.length !== expected.length) throw new Error(`${where} has ${got.length} numbers, expected ${expected.length}`);
  const bad = got.findIndex((x, i) => !(Math.abs(x - expected[i]!) <= tolerance));
  if (bad >= 0) throw new Error(`${where}[${bad}] is ${got[bad]}, expected ${expected[bad]} within ${tolerance}`);
}

function requireSame(got: ArrayLike<number>, expected: ArrayLike<number>, where: string): void {
  if (got.length !== expected.length) throw new Error(`${where} has ${got.length} numbers, expected ${expected.length}`);
  for (let i = 0; i < got.length; i++) if (got[i] !== expected[i]) throw new Error(`${where}[${i}] is ${got[i]}, expected ${expected[i]}`);
}
