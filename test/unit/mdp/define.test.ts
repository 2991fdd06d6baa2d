// Models declared by labels: what they compile to, and everything that can be wrong with one.
import { describe, expect, test } from "vitest";
import { InvalidModelError, OptionError, UnknownLabelError } from "../../../src/errors.ts";
import { defineMdp, type MdpSpec } from "../../../src/mdp/index.ts";
import { issuesOf, messageOf, recyclingRobot } from "./models.ts";

describe("the recycling robot", () => {
  const robot = recyclingRobot();

  test("has the states, actions and numbers it was declared with", () => {
    expect(robot.states.toArray()).toEqual(["high", "low"]);
    expect(robot.feasibleActions("high")).toEqual(["search", "wait"]);
    expect(robot.feasibleActions("low")).toEqual(["search", "wait", "recharge"]);
    expect(robot.discount).toBe(0.9);
    expect(robot.objective).toBe("maximize");
    expect(robot.choiceCount).toBe(5);
    expect(robot.branchCount).toBe(7);
    expect(robot.branches("low", "search")).toEqual([
      { next: "high", probability: 0.4, reward: -3, terminated: false },
      { next: "low", probability: 0.6, reward: 5, terminated: false },
    ]);
    expect(robot.reward("low", "search")).toBeCloseTo(0.4 * -3 + 0.6 * 5, 15);
    expect(robot.reward("high", "search")).toBe(5);
    expect(robot.initial).toEqual({ state: Int32Array.of(0), probability: Float64Array.of(1) });
  });

  test("keeps R(s,a,s') only where it differs within a choice", () => {
    const { branchReward, rowBranches } = robot.storage;
    const low = robot.choice("low", "search");
    expect(Array.from(branchReward ?? [])).toEqual([Number.NaN, Number.NaN, Number.NaN, -3, 5, Number.NaN, Number.NaN]);
    expect(rowBranches[low]).toBe(3);
  });

  test("stores actions in index order whatever order feasible() lists them in", () => {
    const shuffled = defineMdp({ states: ["a"], actions: ["x", "y", "z"], feasible: () => ["z", "x"], transition: () => "a", reward: () => 0 });
    expect(shuffled.feasibleActions("a")).toEqual(["x", "z"]);
  });

  test("says which actions a state offers when asked for another", () => {
    expect(messageOf(() => robot.reward("high", "recharge"))).toBe('action "recharge" is not feasible in state "high", expected one of search, wait.');
  });
});

describe("declarations", () => {
  const base = { states: ["a", "b"], actions: ["go"], transition: () => "b", reward: () => 1 } as const;

  test("by number instead of labels", () => {
    const chain = defineMdp({ states: 3, actions: 2, transition: (s, a) => (s + a) % 3, reward: (s) => s });
    expect(chain.branches(2, 1)).toEqual([{ next: 0, probability: 1, reward: 2, terminated: false }]);
    expect(chain.states.isRange).toBe(true);
  });

  test("terminal states as a list or a test; their actions are never asked for", () => {
    const asked: string[] = [];
    const spec: MdpSpec<"a" | "b", "go"> = { ...base, states: ["a", "b"], actions: ["go"], transition: (s) => (asked.push(s) > 0 ? "b" : "a") };
    for (const terminal of [["b"] as const, (s: string) => s === "b"]) {
      const model = defineMdp({ ...spec, terminal });
      expect(model.isTerminal("b")).toBe(true);
      expect(model.isTerminal("a")).toBe(false);
      expect(model.feasibleActions("b")).toEqual([]);
    }
    expect(asked).toEqual(["a", "a"]);
    expect(defineMdp(spec).isTerminal("b")).toBe(false);
  });

  test("minimize, an initial distribution, counts to normalise", () => {
    const model = defineMdp({
      states: ["a", "b"],
      actions: ["go"],
      objective: "minimize",
      initial: [
        ["a", 0.25],
        ["b", 0.75],
      ],
      normalize: true,
      transition: () => [
        ["a", 1],
        ["b", 3],
      ],
      reward: () => 1,
    });
    expect(model.objective).toBe("minimize");
    expect(Array.from(model.initial?.probability ?? [])).toEqual([0.25, 0.75]);
    expect(model.branches("a", "go").map((branch) => branch.probability)).toEqual([0.25, 0.75]);
  });

  test("a successor of probability 0 is left out, and its reward is never minded", () => {
    const model = defineMdp({
      ...base,
      transition: () => [
        ["a", 0],
        ["b", 1],
      ],
      reward: (_s, _a, next) => (next === "a" ? Number.NaN : 2),
    });
    expect(model.branches("a", "go")).toHaveLength(1);
    expect(model.reward("a", "go")).toBe(2);
  });

  test("0.06 and 0.94 make 1 (a model checker once refused them), so do ten times 0.1 and three thirds", () => {
    for (const parts of [[0.06, 0.94], Array.from({ length: 10 }, () => 0.1), [1 / 3, 1 / 3, 1 / 3]]) {
      const labels = parts.map((_, i) => `s${i}`);
      const model = defineMdp({
        states: labels,
        actions: ["go"],
        transition: () => labels.map((label, i) => [label, parts[i] ?? Number.NaN] as const),
        reward: () => 0,
      });
      expect(model.branches("s0", "go")).toHaveLength(parts.length);
    }
  });
});

describe("what is wrong", () => {
  const spec = { states: ["high", "low"], actions: ["search", "wait"], transition: (s: string) => s, reward: () => 0 } as const;

  test("reads as the example in the design", () => {
    const message = messageOf(() =>
      defineMdp({
        states: ["high", "low"],
        actions: ["search", "wait"],
        transition: (s, a) =>
          s === "low" && a === "search"
            ? [
                ["high", 0.4],
                ["low", 0.5],
              ]
            : s,
        reward: () => 0,
      }),
    );
    expect(message).toBe('transition("low","search") sums to 0.9, expected 1 within 1e-9. Hint: pass normalize: true if these are counts.');
  });

  test("is all found at once, each naming its state and action", () => {
    const issues = issuesOf(() =>
      defineMdp({
        states: ["sum", "negative", "nan", "infinite", "reward", "nowhere", "empty", "fine"],
        actions: ["a", "b"],
        feasible: (s) => (s === "nowhere" ? [] : s === "fine" ? ["a", "a"] : ["a"]),
        transition: (s) =>
          s === "sum"
            ? [["fine", 0.5]]
            : s === "negative"
              ? [
                  ["fine", 1.5],
                  ["sum", -0.5],
                ]
              : s === "nan"
                ? [["fine", Number.NaN]]
                : s === "infinite"
                  ? [["fine", Infinity]]
                  : s === "empty"
                    ? []
                    : "fine",
        reward: (s) => (s === "reward" ? Infinity : 0),
      }),
    );
    expect(issues.map(({ where, got }) => `${where} ${got}`)).toEqual([
      'transition("sum","a") sums to 0.5',
      'transition("negative","a","sum") has probability -0.5',
      'transition("nan","a","fine") has probability NaN',
      'transition("infinite","a","fine") has probability Infinity',
      'transition("reward","a","fine") has reward Infinity',
      'state "nowhere" has no choice',
      'transition("empty","a") has no branches',
      'transition("fine","a") is given twice',
    ]);
  });

  test("several faults of one choice are each named", () => {
    const issues = issuesOf(() =>
      defineMdp({
        ...spec,
        transition: () => [
          ["high", -1],
          ["low", Number.NaN],
        ],
      }),
    );
    expect(issues.map(({ got }) => got)).toEqual([
      "has probability -1",
      "has probability NaN",
      "has probability -1",
      "has probability NaN",
      "has probability -1",
      "has probability NaN",
      "has probability -1",
      "has probability NaN",
    ]);
  });

  test("a sum off by 1e-8 is refused, one off by 1e-10 is taken as it is", () => {
    const off = (p: number) => defineMdp({ ...spec, transition: () => [["high", p]] });
    expect(() => off(1 + 1e-8)).toThrow(InvalidModelError);
    expect(() => off(1 - 1e-8)).toThrow(InvalidModelError);
    expect(off(1 - 1e-10).storage.probability[0]).toBe(1 - 1e-10);
  });

  test("unknown labels, with the one that may have been meant", () => {
    // Labels reach JavaScript unchecked: what types refuse must be refused at run time too.
    const untyped = (parts: object) => defineMdp({ ...spec, ...parts } as MdpSpec<string, string>);
    expect(messageOf(() => untyped({ states: ["high"], transition: () => "hig" }))).toBe(
      'transition("high","search") has the unknown successor "hig", expected one of high. Hint: did you mean "high"?\n' +
        'transition("high","wait") has the unknown successor "hig", expected one of high. Hint: did you mean "high"?',
    );
    expect(messageOf(() => untyped({ states: ["high"], feasible: () => ["serch"] }))).toBe(
      'feasible("high") has the unknown action "serch", expected one of search, wait. Hint: did you mean "search"?\nstate "high" has no choice, expected at least one choice. Hint: list it as terminal if episodes end there.',
    );
    expect(messageOf(() => untyped({ terminal: ["hi"] }))).toContain('terminal has the unknown state "hi"');
    expect(() => untyped({ initial: "middle" })).toThrow(UnknownLabelError);
  });

  test("successors that are none", () => {
    const untyped = (transition: () => unknown) =>
      messageOf(() => defineMdp({ ...spec, states: ["high"], actions: ["wait"], transition } as MdpSpec<string, string>));
    expect(untyped(() => undefined)).toBe('transition("high","wait") is undefined, expected a state, or pairs [next, probability].');
    expect(untyped(() => ({ high: 1 }))).toBe('transition("high","wait") is an Object, expected a state, or pairs [next, probability].');
    expect(untyped(() => ["high", 1])).toBe('transition("high","wait") has the entry "high", expected pairs [next, probability].');
    expect(untyped(() => [["high", "1"]])).toBe('transition("high","wait") gives "high" the probability "1", expected a number.');
  });

  test("options out of range, before anything is asked", () => {
    let asked = 0;
    const define = (parts: object) => () => {
      const transition = (s: string) => {
        asked++;
        return s;
      };
      return defineMdp({ ...spec, transition, ...parts } as MdpSpec<string, string>);
    };
    for (const discount of [-0.1, 1.1, Number.NaN]) expect(define({ discount })).toThrow(OptionError);
    expect(define({ objective: "max" })).toThrow(OptionError);
    expect(define({ states: [] })).toThrow(OptionError);
    expect(define({ actions: [] })).toThrow(OptionError);
    expect(define({ states: 3_000_000_000 })).toThrow(OptionError);
    expect(define({ states: ["a", "a"] })).toThrow('states[1] is "a", expected each label once, and states[0] is the same');
    expect(asked).toBe(0);
  });

  test("initial states: unknown, negative, not summing to 1", () => {
    const from = (initial: readonly (readonly ["high" | "low", number])[]) =>
      messageOf(() => defineMdp({ states: ["high", "low"], actions: ["wait"], transition: (s) => s, reward: () => 0, initial }));
    expect(from([["high", 0.5]])).toBe("initial sums to 0.5, expected 1 within 1e-9.");
    expect(
      from([
        ["high", -1],
        ["low", 2],
      ]),
    ).toBe('initial("high") has probability -1, expected a number in (0, 1].\ninitial("low") has probability 2, expected a number in (0, 1].');
  });

  test("a million faults are counted, a thousand kept, ten printed", () => {
    const issues = issuesOf(() => defineMdp({ states: 5000, actions: 1, transition: () => [[0, 0.5]], reward: () => 0 }));
    expect(issues).toHaveLength(1000);
    const message = messageOf(() => defineMdp({ states: 5000, actions: 1, transition: () => [[0, 0.5]], reward: () => 0 }));
    expect(message.split("\n").at(-1)).toBe("and 4990 more");
  });
});
