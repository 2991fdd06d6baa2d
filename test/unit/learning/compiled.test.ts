// The compiled learner against the generic loop: the same bits of everything, in whatever model, however the run is cut up.
import { afterEach, describe, expect, it, vi } from "vitest";
import { gambler, type ModelEnv, toEnv } from "../../../src/envs/index.ts";
import { buildMdp, ChoiceTable, type Mdp, startAt } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import {
  constant,
  type Explorer,
  epsilonGreedy,
  exponentialDecay,
  greedy,
  harmonic,
  linearDecay,
  Policy,
  policySpace,
  robbinsMonro,
  softmax,
} from "../../../src/policies/index.ts";
import { CompiledQLearning } from "../../../src/solvers/learning/compiled/compiled-q-learning.ts";
import { type LearnerState, type LearnOptions, type LearnResult, qLearning } from "../../../src/solvers/learning/index.ts";
import { forever, ring } from "./environments.ts";

type Model = Mdp<number, number>;
type Options = LearnOptions<number, number>;

/** Counts slices made by compiled code and by none. */
const advance = vi.spyOn(CompiledQLearning.prototype, "advance");
const slices = (compiled: boolean): number => advance.mock.results.filter(({ value }) => value === compiled).length;
afterEach(() => {
  advance.mockClear();
});

/** An environment that compiled code leaves to the generic loop, though nothing differs: `step` is the object's own. */
function generic<S, A>(env: ModelEnv<S, A>): ModelEnv<S, A> {
  env.step = env.step.bind(env);
  return env;
}

/** A model with all that models have: infeasible actions, rows of 1 to 40 branches, shared rows, terminal states, branches that end, rewards by branch. */
function randomModel(rng: Rng): Model {
  const states = 3 + rng.below(30);
  const actions = 1 + rng.below(6);
  const [ends, byBranch, repeats] = [rng.chance(0.5), rng.chance(0.4), rng.chance(0.4)];
  const widest = [1, 3, 8, 40][rng.below(4)] ?? 1;
  const starts = rng.below(3);
  const pay = (): number => (rng.chance(0.3) ? 0 : rng.uniform() * 4 - 3);
  return buildMdp<number, number>(
    {
      states,
      actions,
      discount: rng.chance(0.2) ? 1 : 0.5 + rng.uniform() / 2,
      objective: rng.chance(0.5) ? "maximize" : "minimize",
      ...(starts === 0 ? {} : { initial: starts === 1 ? startAt(1) : { state: Int32Array.of(0, 1, 2), probability: Float64Array.of(0.25, 0.5, 0.25) } }),
    },
    (s, model) => {
      if (s > 2 && rng.chance(0.15)) {
        model.terminal();
        return;
      }
      const first = rng.below(actions);
      for (let a = 0; a < actions; a++) {
        if (a !== first && rng.chance(0.3)) continue;
        model.choice(a, byBranch ? undefined : pay());
        const row = repeats ? new Rng(`row ${rng.below(3)}`) : rng;
        const n = 1 + row.below(Math.min(widest, states));
        const offset = row.below(states);
        for (let k = 0; k < n; k++) model.branch((offset + k) % states, 1 / n, byBranch ? pay() : undefined, ends && row.chance(0.1));
      }
    },
  );
}

function randomOptions(rng: Rng, model: Model): Options {
  const one = <T>(...items: readonly (() => T)[]): T => {
    const item = items[rng.below(items.length)];
    if (item === undefined) throw new Error("nothing to draw from");
    return item();
  };
  const ties = rng.chance(0.5) ? "random" : "lowest";
  return {
    steps: 1500 + rng.below(1500),
    seed: rng.below(1000),
    explore: one<Explorer>(
      () => epsilonGreedy(rng.uniform(), { ties }),
      () => epsilonGreedy(rng.below(2), { ties }),
      () => epsilonGreedy(linearDecay({ from: 1, to: 0.1, steps: 1000 }), { ties }),
      () => epsilonGreedy(exponentialDecay({ from: 0.9, halfLife: 300 })),
      () => greedy({ ties }),
    ),
    ...one<Options | object>(
      () => ({}),
      () => ({ learningRate: 0.1 }),
      () => ({ learningRate: 1 }),
      () => ({ learningRate: harmonic(3) }),
      () => ({ learningRate: constant(0.5) }),
      () => ({ learningRate: linearDecay({ from: 1, to: 0.01, steps: 1200 }) }),
    ),
    ...one<Options | object>(
      () => ({}),
      () => ({ initialQ: 2.5 }),
      () => ({ prior: Policy.uniform(policySpace(model)), ceiling: 3, priorWeight: 0.5 }),
    ),
    ...one<Options | object>(
      () => ({}),
      () => ({ episodes: 20 + rng.below(100) }),
      () => ({ evaluate: { every: 1 + rng.below(300) } }),
      () => ({ evaluate: { every: 1 + rng.below(20), per: "episode" } }),
    ),
  };
}

/** All of a result but the clock's part. */
function told({ status, episodes, steps, q, value, policy, visits, history, state }: LearnResult<number, number>) {
  const timeless = history.map((entry) => ({ ...entry, seconds: 0 }));
  return { status, episodes, steps, q: q.array, value: value.array, policy: policy.choice, visits, history: timeless, state: { ...state, history: timeless } };
}

const json = (state: LearnerState): LearnerState => JSON.parse(JSON.stringify(state)) as LearnerState;

describe("compiled Q-learning", () => {
  it.each(Array.from({ length: 12 }, (_, k) => k))("is the generic loop's, bit for bit, in random models (%i)", async (batch) => {
    for (let k = 0; k < 12; k++) {
      const rng = new Rng(`compiled ${batch} ${k}`);
      const model = randomModel(rng);
      const options = randomOptions(rng, model);
      const limit = rng.chance(0.3) ? {} : { maxSteps: 1 + rng.below(50) };
      const env = toEnv(model, limit);
      const slow = generic(toEnv(model, limit));
      advance.mockClear();
      const [fast, plain] = [await qLearning(env, options), await qLearning(slow, options)];
      expect([slices(true) > 0, slices(false)]).toEqual([true, 0]);
      expect(told(fast)).toEqual(told(plain));
      expect(env.save()).toEqual(slow.save());
      expect(env.render()).toBe(slow.render());
    }
  });

  it("stops and goes on anywhere, from its own saved state or the generic loop's", async () => {
    for (let k = 0; k < 20; k++) {
      const rng = new Rng(`resume ${k}`);
      const model = randomModel(rng);
      // Where looks fall by default depends on the steps asked for.
      const options: Options = { evaluate: { every: 90 }, ...randomOptions(rng, model), episodes: undefined };
      const limit = { maxSteps: 1 + rng.below(50) };
      const whole = await qLearning(generic(toEnv(model, limit)), options);
      const steps = 500 + rng.below(300);
      const [fast, plain] = [await qLearning(toEnv(model, limit), { ...options, steps }), await qLearning(generic(toEnv(model, limit)), { ...options, steps })];
      expect(json(told(fast).state)).toEqual(json(told(plain).state));
      advance.mockClear();
      for (const { state } of [fast, plain]) {
        expect(told(await qLearning(toEnv(model, limit), { ...options, resume: json(state) }))).toEqual(told(whole));
      }
      expect(slices(true)).toBeGreaterThan(0);
      expect(told(await qLearning(generic(toEnv(model, limit)), { ...options, resume: json(fast.state) }))).toEqual(told(whole));
    }
  });

  it("shows the same tables at looks, and lets a look move the environment", async () => {
    const model = ring();
    const run = async (env: ModelEnv<number, number>) => {
      const seen: number[][] = [];
      await qLearning(env, {
        steps: 3000,
        evaluate: {
          every: 100,
          run: ({ steps, q }) => {
            seen.push([...q.array]);
            if (steps % 500 === 0) env.reset();
            return 0;
          },
        },
      });
      return seen;
    };
    // The choice that was about to be taken may not be offered where the look has moved the environment: both loops then say so.
    const [fast, plain] = await Promise.allSettled([run(toEnv(model, { maxSteps: 20 })), run(generic(toEnv(model, { maxSteps: 20 })))]);
    expect(fast).toEqual(plain);
    expect(slices(true)).toBeGreaterThan(1);
  });

  it("makes several runs at once, each with tables of its own", async () => {
    const model = ring();
    const alone = await Promise.all([1, 2, 3].map(async (seed) => told(await qLearning(generic(toEnv(model)), { steps: 4000, seed }))));
    const evaluate = { every: 500, run: () => new Promise<number>((resolve) => setTimeout(() => resolve(1), 1)) };
    const together = await Promise.all([1, 2, 3].map((seed) => qLearning(toEnv(model), { steps: 4000, seed, evaluate })));
    expect(together.map(({ q }) => q.array)).toEqual(alone.map(({ q }) => q));
    const again = await qLearning(toEnv(model), { steps: 4000, seed: 1 });
    expect(told(again)).toEqual(alone[0]);
  });

  it("can be aborted, gone on with, and reports as it goes", async () => {
    const controller = new AbortController();
    const reports: number[] = [];
    let timers = 0;
    const ticking = setInterval(() => timers++, 5);
    const aborted = await qLearning(toEnv(ring(), { maxSteps: 20 }), {
      steps: 1e12,
      signal: controller.signal,
      evaluate: { every: 1e12 },
      onProgress: ({ steps }) => {
        if (reports.push(steps) === 3) controller.abort();
      },
    });
    clearInterval(ticking);
    expect([aborted.status, reports.length, timers > 1]).toEqual(["aborted", 3, true]);
    const rest = { steps: aborted.steps + 3000 };
    const [fast, plain] = [toEnv(ring(), { maxSteps: 20 }), generic(toEnv(ring(), { maxSteps: 20 }))];
    const resumed = await Promise.all([fast, plain].map((env) => qLearning(env, { ...rest, resume: aborted.state })));
    expect(resumed[0]?.q.array).toEqual(resumed[1]?.q.array);
  });

  it("leaves to the generic loop what it does not know, or could not do alike", async () => {
    const env = () => toEnv(ring(), { maxSteps: 20 });
    const runs: [ModelEnv<number, number>, Partial<Options>][] = [
      [env(), { explore: softmax(1) }],
      [env(), { explore: { ...epsilonGreedy(0.1) } }],
      [env(), { explore: epsilonGreedy(() => 0.1) }],
      [env(), { explore: epsilonGreedy(harmonic()) }],
      [env(), { learningRate: robbinsMonro() }],
      [env(), { learningRate: (_step, visits) => 1 / visits }],
      // Rates above 1 let values run off to infinity, where comparisons need the generic loop's order.
      [env(), { learningRate: constant(3) }],
      [env(), { learningRate: linearDecay({ from: 5, steps: 1e6 }) }],
      [env(), { initialQ: 1e300 }],
      // A copy of more than 64 MiB.
      [toEnv(large()), {}],
      [toEnv(huge()), {}],
      [generic(env()), {}],
      [env(), { steps: 100 }],
    ];
    for (const [made, options] of runs) {
      const { steps } = await qLearning(made, { steps: 2000, ...options });
      expect(steps).toBe(options.steps ?? 2000);
    }
    expect(advance).not.toHaveBeenCalled();
    const state = (await qLearning(env(), { steps: 1000 })).state;
    for (const [table, bad] of [
      ["q", Number.NaN],
      ["visits", -8],
    ] as const) {
      const broken = { ...state, agent: { ...state.agent, [table]: (state.agent[table] as number[]).map(() => bad) } };
      advance.mockClear();
      const [fast, plain] = [await qLearning(env(), { steps: 2000, resume: broken }), await qLearning(generic(env()), { steps: 2000, resume: broken })];
      expect([slices(true), fast.q.array]).toEqual([0, plain.q.array]);
    }
  });

  it("knows models with many choices a state, up to 64 of them", async () => {
    const { mdp } = gambler();
    const [fast, plain] = [await qLearning(toEnv(mdp), { steps: 20_000, discount: 1 }), await qLearning(generic(toEnv(mdp)), { steps: 20_000, discount: 1 })];
    expect(fast.q.array).toEqual(plain.q.array);
    expect(slices(true)).toBeGreaterThan(0);
    advance.mockClear();
    const wide = buildMdp<number, number>({ states: 1, actions: 65, discount: 0.9 }, (_s, model) => {
      for (let a = 0; a < 65; a++) {
        model.choice(a, a);
        model.branch(0, 1);
      }
    });
    await qLearning(toEnv(wide), { steps: 2000 });
    expect(advance).not.toHaveBeenCalled();
  });

  it("answers no -0, whose sign the loops might not agree in", async () => {
    const free = forever().with({ objective: "minimize" });
    const zeros = new ChoiceTable(free.states, free.actions, free.storage, Float64Array.of(-0));
    const { q } = await qLearning(toEnv(free), { steps: 0, initialQ: zeros, objective: "maximize" });
    expect(Object.is(q.array[0], 0)).toBe(true);
  });
});

/** 3,000,000 choices: more than is copied. */
function large(): Model {
  return buildMdp<number, number>({ states: 50_000, actions: 60, discount: 0.9 }, (_s, model) => {
    for (let a = 0; a < 60; a++) {
      model.choice(a, -1);
      model.branch(0, 1);
    }
  });
}

/** Rewards so large that their sums overflow. */
function huge(): Model {
  return buildMdp<number, number>({ states: 1, actions: 2, discount: 0.9 }, (_s, model) => {
    for (const a of [0, 1]) {
      model.choice(a, a === 0 ? 1e300 : 1);
      model.branch(0, 1);
    }
  });
}
