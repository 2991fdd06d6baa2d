// Explorers: what they draw is what they say they draw, and the policies read off them.
import { describe, expect, it } from "vitest";
import { OptionError } from "../../../src/errors.ts";
import { buildMdp, ChoiceTable } from "../../../src/mdp/index.ts";
import { Rng } from "../../../src/numeric/index.ts";
import {
  type Explorer,
  epsilonGreedy,
  epsilonGreedyPolicy,
  explorerPolicy,
  follow,
  greedy,
  greedyPolicy,
  linearDecay,
  Policy,
  policySpace,
  softmax,
  softmaxPolicy,
} from "../../../src/policies/index.ts";

/** Three states: four actions, then two (actions 1 and 3), then none. */
const model = buildMdp({ states: 3, actions: 4, discount: 0.9 }, (s, m) => {
  if (s === 2) {
    m.terminal();
    return;
  }
  for (const a of s === 0 ? [0, 1, 2, 3] : [1, 3]) {
    m.choice(a, 0);
    m.branch(2, 1);
  }
});

const table = (numbers: readonly number[]) => new ChoiceTable(model.states, model.actions, model.storage, Float64Array.from(numbers));

/** Relative frequencies of 40,000 draws from the first state's row. */
function frequencies(explorer: Explorer, q: Float64Array, step = 0): number[] {
  const rng = new Rng("frequencies");
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 40_000; i++) counts[explorer.pick(q, 0, 4, rng, step)]! += 1 / 40_000;
  return counts;
}

const q = Float64Array.of(1, 3, 3, 2, 0, 5);

const explorers: Record<string, { explorer: Explorer; expected: readonly number[] }> = {
  greedy: { explorer: greedy(), expected: [0, 0.5, 0.5, 0] },
  "greedy, lowest": { explorer: greedy({ ties: "lowest" }), expected: [0, 1, 0, 0] },
  "epsilon-greedy": { explorer: epsilonGreedy(0.4), expected: [0.1, 0.4, 0.4, 0.1] },
  "epsilon-greedy, lowest": { explorer: epsilonGreedy(0.4, { ties: "lowest" }), expected: [0.1, 0.7, 0.1, 0.1] },
  softmax: { explorer: softmax(0.5), expected: [-4, 0, 0, -2].map((x) => Math.exp(x) / (2 + Math.exp(-4) + Math.exp(-2))) },
  follow: { explorer: follow(Policy.stochastic(policySpace(model), Float64Array.of(0.1, 0.2, 0.3, 0.4, 0, 1))), expected: [0.1, 0.2, 0.3, 0.4] },
};

describe.each(Object.entries(explorers))("%s", (_name, { explorer, expected }) => {
  it("says the probabilities it has", () => {
    const said = new Float64Array(6).fill(-1);
    explorer.probabilities(q, 0, 4, 0, said);
    for (const [c, p] of expected.entries()) expect(said[c]).toBeCloseTo(p, 12);
    expect([...said.subarray(4)]).toEqual([-1, -1]);
  });

  it("draws with the probabilities it says", () => {
    // Five standard deviations of 40,000 draws are below 0.0125.
    for (const [c, frequency] of frequencies(explorer, q).entries()) expect(Math.abs(frequency - expected[c]!)).toBeLessThan(0.0125);
  });
});

describe("explorers", () => {
  it("stay within the row they are given", () => {
    const rng = new Rng(1);
    for (const { explorer } of Object.values(explorers)) {
      const picked = new Set(Array.from({ length: 200 }, () => explorer.pick(q, 4, 6, rng, 0)));
      expect([...picked].filter((c) => c !== 4 && c !== 5)).toEqual([]);
    }
  });

  it("draw no random number where nothing is to be decided", () => {
    const rng = new Rng(1);
    const before = rng.state;
    expect(greedy().pick(q, 4, 6, rng, 0)).toBe(5);
    expect(rng.state).toEqual(before);
  });

  it("read their schedules at the step", () => {
    const explorer = epsilonGreedy(linearDecay({ from: 1, to: 0, steps: 100 }), { ties: "lowest" });
    const at = (step: number) => {
      const out = new Float64Array(6);
      explorer.probabilities(q, 0, 4, step, out);
      return out[1];
    };
    expect([0, 50, 100].map(at)).toEqual([0.25, 0.625, 1]);
    expect(frequencies(explorer, q, 100)).toEqual([0, expect.closeTo(1, 9), 0, 0]);
  });

  it("softmax is greedy when cold, uniform when hot, and takes rows longer than it has seen", () => {
    const long = Float64Array.from({ length: 100 }, (_, i) => (i === 70 ? 1 : 0));
    const rng = new Rng(3);
    for (let i = 0; i < 50; i++) expect(softmax(1e-6).pick(long, 0, 100, rng, 0)).toBe(70);
    const out = new Float64Array(100);
    softmax(Infinity).probabilities(long, 0, 100, 0, out);
    expect(out.every((p) => Math.abs(p - 0.01) < 1e-15)).toBe(true);
    softmax(1e-300).probabilities(Float64Array.of(-Infinity, 800, -800), 0, 3, 0, out);
    expect([...out.subarray(0, 3)]).toEqual([0, 1, 0]);
  });

  it("refuse numbers out of range", () => {
    expect(() => epsilonGreedy(1.1)).toThrow(OptionError);
    expect(() => epsilonGreedy(-0.1)).toThrow(OptionError);
    expect(() => softmax(0)).toThrow(OptionError);
    expect(() => softmax(() => 0).pick(q, 0, 4, new Rng(1), 0)).toThrow(OptionError);
    expect(() => softmaxPolicy(table([1, 2, 3, 4, 5, 6]), -1)).toThrow(OptionError);
  });
});

describe("policies of a table", () => {
  it("greedyPolicy takes the lowest index within the tolerance, null in terminal states", () => {
    const near = table([1, 3 - 1e-10, 3, 2, 0, 5]);
    expect(greedyPolicy(near).toActions()).toEqual([2, 3, null]);
    expect(greedyPolicy(near, { tolerance: 1e-9 }).toActions()).toEqual([1, 3, null]);
    expect(greedyPolicy(near, { objective: "minimize" }).toActions()).toEqual([0, 1, null]);
    expect(greedyPolicy(near, { objective: "minimize", tolerance: 10 }).toActions()).toEqual([0, 1, null]);
  });

  it("greedyPolicy copes with infinities and refuses a negative tolerance", () => {
    expect(greedyPolicy(table([-Infinity, Infinity, Infinity, 0, -Infinity, -Infinity])).toActions()).toEqual([1, 1, null]);
    expect(() => greedyPolicy(table([0, 0, 0, 0, 0, 0]), { tolerance: -1 })).toThrow(OptionError);
  });

  it("epsilonGreedyPolicy and softmaxPolicy turn with the objective", () => {
    const values = table([1, 3, 3, 2, 0, 5]);
    expect([...epsilonGreedyPolicy(values, 0.4).probabilities()]).toEqual([0.1, 0.7, 0.1, 0.1, 0.2, 0.8].map((p) => expect.closeTo(p, 12)));
    expect([...epsilonGreedyPolicy(values, 0.4, "minimize").probabilities()]).toEqual([0.7, 0.1, 0.1, 0.1, 0.8, 0.2].map((p) => expect.closeTo(p, 12)));
    expect(softmaxPolicy(values, 1, "minimize").probability(0, 0)).toBeGreaterThan(0.6);
  });

  it("explorerPolicy leaves the table as it is", () => {
    const values = table([1, 3, 3, 2, 0, 5]);
    explorerPolicy(values, softmax(1), "minimize");
    expect([...values.array]).toEqual([1, 3, 3, 2, 0, 5]);
  });
});
