// The builder: merging of equal successors, terminated branches apart, the order of calls, limits.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../../src/errors.ts";
import { buildMdp, type Emitter, LabelIndex, MdpBuilder, type Storage } from "../../../src/mdp/index.ts";
import { exact } from "../numeric/exact-float.ts";
import { issuesOf, messageOf } from "./models.ts";

type GivenBranch = readonly [next: number, probability: number, reward?: number | undefined, ends?: boolean];

/** Ten states, one action; state 0 has the choice under test, the others stay where they are. */
function withChoice(branches: readonly GivenBranch[], reward?: number, normalize = false) {
  return buildMdp({ states: 10, actions: 1, normalize }, (s, model) => {
    model.choice(0, s === 0 ? reward : 0);
    if (s === 0) for (const branch of branches) model.branch(...branch);
    else model.branch(s, 1);
  });
}

function firstRow({ rowBranches, target, probability, arrival, branchReward }: Storage) {
  const to = rowBranches[1];
  return {
    target: [...target.subarray(0, to)],
    probability: [...probability.subarray(0, to)],
    arrival: arrival && [...arrival.subarray(0, to)],
    reward: branchReward && [...branchReward.subarray(0, to)],
  };
}

describe("branches to one successor", () => {
  test("are added up where the first of them stood", () => {
    const { storage } = withChoice(
      [
        [3, 0.25],
        [1, 0.5],
        [3, 0.25],
      ],
      7,
    );
    expect(firstRow(storage)).toEqual({ target: [3, 1], probability: [0.5, 0.5], arrival: undefined, reward: undefined });
    expect(storage.reward[0]).toBe(7);
    expect(storage.branchCount).toBe(11);
  });

  test("of different rewards get the mean weighted by probability", () => {
    const { storage } = withChoice([
      [3, 0.25, 4],
      [1, 0.25, 1],
      [3, 0.5, 10],
    ]);
    expect(firstRow(storage)).toEqual({ target: [3, 1], probability: [0.75, 0.25], arrival: undefined, reward: [8, 1] });
    expect(storage.reward[0]).toBe(6.25);
  });

  test("keep their mean where one probability is absorbed by the other", () => {
    const { storage } = withChoice([
      [3, 0.5, 2],
      [1, 0.5, 3],
      [3, 1e-20, 100],
    ]);
    expect(firstRow(storage)).toEqual({ target: [3, 1], probability: [0.5, 0.5], arrival: undefined, reward: [2, 3] });
  });

  test("of one reward keep it exactly, though p · r / p would round", () => {
    const { storage } = withChoice([
      [3, 0.1, 0.7],
      [3, 0.2, 0.7],
      [1, 0.7, 5],
    ]);
    expect(firstRow(storage).reward).toEqual([0.7, 5]);
  });

  test("many of them, past the pairwise comparison", () => {
    const branches: GivenBranch[] = Array.from({ length: 100 }, (_, k) => [k % 7, 0.01]);
    const { storage } = withChoice(branches, 1);
    const row = firstRow(storage);
    expect(row.target).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const [i, p] of row.probability.entries()) expect(p).toBeCloseTo(i < 2 ? 0.15 : 0.14, 14);
  });

  test("zero probabilities are left out", () => {
    expect(
      firstRow(
        withChoice(
          [
            [3, 0],
            [1, 1],
            [2, 0],
          ],
          1,
        ).storage,
      ).target,
    ).toEqual([1]);
  });
});

describe("terminated branches", () => {
  test("go to the target past the last state, and keep the state they enter", () => {
    const mdp = withChoice([
      [3, 0.25, 5, true],
      [3, 0.75, 1],
    ]);
    expect(firstRow(mdp.storage)).toEqual({ target: [10, 3], probability: [0.25, 0.75], arrival: [3, 3], reward: [5, 1] });
    expect(mdp.branches(0, 0)).toEqual([
      { next: 3, probability: 0.25, reward: 5, terminated: true },
      { next: 3, probability: 0.75, reward: 1, terminated: false },
    ]);
    expect(mdp.isTerminal(3)).toBe(false);
  });

  test("are added up among themselves", () => {
    const { storage } = withChoice([
      [3, 0.25, 0, true],
      [3, 0.5, 0],
      [3, 0.25, 0, true],
    ]);
    expect(firstRow(storage)).toEqual({ target: [10, 3], probability: [0.5, 0.5], arrival: [3, 3], reward: undefined });
  });

  test("that enter different states stay apart", () => {
    expect(
      firstRow(
        withChoice([
          [3, 0.5, 0, true],
          [4, 0.5, 0, true],
        ]).storage,
      ),
    ).toMatchObject({ target: [10, 10], arrival: [3, 4] });
  });

  test("leave earlier and later rows as they are", () => {
    const mdp = buildMdp({ states: 3, actions: 1 }, (s, model) => {
      model.choice(0, s);
      model.branch((s + 1) % 3, 0.5);
      model.branch(s, 0.5, Number.NaN, s === 1);
    });
    expect([...mdp.storage.target]).toEqual([1, 0, 2, 3, 0, 2]);
    expect([...(mdp.storage.arrival ?? [])]).toEqual([1, 0, 2, 1, 0, 2]);
  });

  test("do not end the branches of the next choice", () => {
    const mdp = buildMdp({ states: 2, actions: 1 }, (s, model) => {
      model.choice(0, 0);
      model.branch(0, 0.5, Number.NaN, s === 0);
      model.branch(1, 0.5, Number.NaN, true);
    });
    expect(mdp.branches(0, 0).map((branch) => branch.terminated)).toEqual([true, true]);
    expect(mdp.branches(1, 0).map((branch) => branch.terminated)).toEqual([false, true]);
  });
});

describe("what compiling rounds", () => {
  const probabilities = fc.array(fc.double({ min: 2 ** -40, max: 1, noNaN: true }), { minLength: 1, maxLength: 24 });
  const rewards = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 24, maxLength: 24 });
  const scale = 1n << 1074n;
  const size = (x: bigint) => (x < 0n ? -x : x);

  test("is bounded: the expected reward is within rounding.reward of Σ p r, exactly", () => {
    fc.assert(
      fc.property(probabilities, rewards, fc.boolean(), (weights, r, uniform) => {
        const total = weights.reduce((sum, w) => sum + w, 0);
        const branches = weights.map((w, k): GivenBranch => [k % 6, w / total, uniform ? r[0] : r[k]]);
        const { storage } = withChoice(branches);
        const truth = branches.reduce((sum, [, p, reward]) => sum + exact(p) * exact(reward ?? Number.NaN), 0n);
        const error = size(exact(storage.reward[0]!) * scale - truth);
        expect(error <= exact(storage.rounding.reward) * scale).toBe(true);
      }),
      // A product that underflows.
      { examples: [[[2 ** -40, 2 ** -40], [Number.MIN_VALUE, ...new Array<number>(23).fill(0)], false]] },
    );
  });

  test("is bounded: merged probabilities are within rounding.probability of the given ones, in sum", () => {
    fc.assert(
      fc.property(probabilities, (weights) => {
        const total = weights.reduce((sum, w) => sum + w, 0);
        const branches = weights.map((w, k): GivenBranch => [k % 3, w / total]);
        const { storage } = withChoice(branches, 0);
        const row = firstRow(storage);
        let error = 0n;
        for (const [i, target] of row.target.entries()) {
          const truth = branches.reduce((sum, [next, p]) => sum + (next === target ? exact(p) : 0n), 0n);
          error += size(exact(row.probability[i] ?? Number.NaN) - truth);
        }
        expect(error <= exact(storage.rounding.probability)).toBe(true);
      }),
    );
  });

  test("is nothing where nothing was rounded", () => {
    expect(
      withChoice(
        [
          [1, 0.5],
          [2, 0.5],
        ],
        0.1,
      ).storage.rounding,
    ).toEqual({ reward: 0, probability: 0 });
    expect(
      withChoice(
        [
          [1, 0.5],
          [1, 0.25],
          [2, 0.25],
        ],
        0.1,
      ).storage.rounding,
    ).toEqual({ reward: 0, probability: 0 });
  });
});

describe("counts", () => {
  test("are divided by their sum", () => {
    expect(
      firstRow(
        withChoice(
          [
            [1, 1],
            [2, 3],
          ],
          0,
          true,
        ).storage,
      ).probability,
    ).toEqual([0.25, 0.75]);
  });

  test("must have a positive, finite sum", () => {
    expect(issuesOf(() => withChoice([[1, 0]], 0, true))[0]?.got).toBe("sums to 0");
    expect(
      issuesOf(() =>
        withChoice(
          [
            [1, 1e308],
            [2, 1e308],
          ],
          0,
          true,
        ),
      )[0]?.got,
    ).toBe("sums to Infinity");
  });
});

describe("issues", () => {
  test("of one choice are all named", () => {
    const issues = issuesOf(() =>
      withChoice([
        [10, -1, 5],
        [0.5, Number.NaN, 5],
        [-3, Infinity, 5],
        [1, 1, Number.NaN],
      ]),
    );
    expect(issues.map(({ where, got }) => `${where} ${got}`)).toEqual([
      "transition(0,0) has successor 10",
      "transition(0,0,10) has probability -1",
      "transition(0,0) has successor 0.5",
      "transition(0,0,0.5) has probability NaN",
      "transition(0,0) has successor -3",
      "transition(0,0,-3) has probability Infinity",
      "transition(0,0,1) has reward NaN",
    ]);
  });

  test("a choice without a reward, or whose reward is not finite, is named once", () => {
    expect(
      issuesOf(() =>
        withChoice([
          [1, 0.5],
          [2, 0.5],
        ]),
      ).map(({ where, got }) => `${where} ${got}`),
    ).toEqual(["transition(0,0) has reward NaN"]);
    expect(issuesOf(() => withChoice([[1, 1]], -Infinity)).map(({ got }) => got)).toEqual(["has reward -Infinity"]);
  });

  test("rewards too large to multiply are refused, not turned into NaN", () => {
    expect(
      issuesOf(() =>
        withChoice([
          [1, 0.5, 1e305],
          [2, 0.5, -1e305],
        ]),
      )[0]?.got,
    ).toBe("has an expected reward too large for float64");
  });

  test("actions: out of range, twice, out of order", () => {
    const emit = (...actions: number[]) => {
      const make = () =>
        buildMdp({ states: 1, actions: 3 }, (_, model) => {
          for (const a of actions) {
            model.choice(a, 0);
            model.branch(0, 1);
          }
        });
      return issuesOf(make).map(({ where, got }) => `${where} ${got}`);
    };
    expect(emit(3)).toEqual(["state 0 has action 3"]);
    expect(emit(0.5, -1)).toEqual(["state 0 has action 0.5", "state 0 has action -1"]);
    expect(emit(1, 1)).toEqual(["transition(0,1) is given twice"]);
    expect(emit(2, 0)).toEqual(["transition(0,0) comes after a later action"]);
  });

  test("states: terminal with choices, neither terminal nor with choices, never emitted", () => {
    const builder = new MdpBuilder(LabelIndex.list("state", ["a", "b", "c"]), LabelIndex.range("action", 1));
    builder.state();
    builder.terminal();
    builder.choice(0, 0);
    builder.branch(1, 1);
    builder.state();
    expect(issuesOf(() => builder.finish()).map(({ where, got }) => `${where} ${got}`)).toEqual([
      'state "a" is terminal and has 1 choices',
      'state "b" has no choice',
      'state "c" has no choice',
    ]);
  });
});

describe("calls out of order", () => {
  const builder = () => new MdpBuilder(LabelIndex.range("state", 1), LabelIndex.range("action", 1));

  test("are refused at once", () => {
    expect(() => builder().choice(0)).toThrow(OptionError);
    expect(() => builder().terminal()).toThrow(OptionError);
    expect(() => builder().branch(0, 1)).toThrow(OptionError);
    expect(() => builder().skipChoice()).toThrow(OptionError);
    const first = builder();
    first.state();
    expect(() => first.branch(0, 1)).toThrow("choice() first");
    expect(() => first.state()).toThrow("at most 1 calls");
  });

  test("a finished builder is used up", () => {
    const done = builder();
    done.state();
    done.terminal();
    done.finish();
    expect(() => done.finish()).toThrow(OptionError);
    expect(() => done.choice(0)).toThrow(OptionError);
  });

  test("a choice given up without a reason is an issue", () => {
    const given = builder();
    given.state();
    given.choice(0);
    given.skipChoice();
    expect(issuesOf(() => given.finish())[0]?.got).toBe("was given up");
  });
});

describe("counts above int32", () => {
  test.each([2 ** 31, 2 ** 31 - 1, 1e12, 2.5, 0, -1, Number.NaN, Infinity])("%d states are refused before anything is allocated", (states) => {
    let emitted = 0;
    expect(() => buildMdp({ states, actions: 1 }, () => emitted++)).toThrow(OptionError);
    expect(() => buildMdp({ states: 1, actions: states }, () => emitted++)).toThrow(OptionError);
    expect(emitted).toBe(0);
  });

  test("the message says what is allowed", () => {
    expect(messageOf(() => buildMdp({ states: 3e9, actions: 1 }, () => {}))).toBe("states is 3000000000, expected an integer from 1 to 2147483646.");
  });
});

describe("options of buildMdp", () => {
  const loop = (s: number, model: Emitter) => {
    model.choice(0, 0);
    model.branch(s, 1);
  };

  test("out of range are refused before the work", () => {
    let emitted = 0;
    const emit = () => emitted++;
    expect(() => buildMdp({ states: 2, actions: 1, discount: 1.01 }, emit)).toThrow(OptionError);
    expect(() => buildMdp({ states: 2, actions: 1, objective: "best" as "maximize" }, emit)).toThrow(OptionError);
    expect(issuesOf(() => buildMdp({ states: 2, actions: 1, initial: { state: Int32Array.of(5), probability: Float64Array.of(1) } }, emit))).toHaveLength(1);
    expect(emitted).toBe(0);
  });

  test("labels may be lists", () => {
    const mdp = buildMdp({ states: ["a", "b"], actions: ["stay"], discount: 0.5 }, loop);
    expect(mdp.branches("b", "stay")[0]?.next).toBe("b");
  });
});
