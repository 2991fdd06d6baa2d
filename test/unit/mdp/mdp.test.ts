// The model itself: labels, changed copies, new rewards over a shared kernel, tables by label, warnings.
import { describe, expect, test } from "vitest";
import { InvalidModelError, OptionError, ShapeError, UnknownLabelError } from "../../../src/errors.ts";
import {
  buildMdp,
  ChoiceTable,
  checkMdp,
  defaultKey,
  defineMdp,
  LabelIndex,
  Mdp,
  nearest,
  StateTable,
  stateOfChoice,
  storageBytes,
  withReward,
} from "../../../src/mdp/index.ts";
import { issuesOf, messageOf, recyclingRobot } from "./models.ts";

describe("labels", () => {
  const states = LabelIndex.list("state", ["high", "low", 3]);

  test("go to indices and back", () => {
    expect(states.indexOf("low")).toBe(1);
    expect(states.at(2)).toBe(3);
    expect(states.toArray()).toEqual(["high", "low", 3]);
    expect(states.has("low")).toBe(true);
    expect(states.find("3" as "high")).toBe(-1);
  });

  test("that do not exist are answered with those that do, and the nearest", () => {
    expect(messageOf(() => states.indexOf("lo" as "low"))).toBe('state "lo" does not exist, expected one of high, low, 3. Hint: did you mean "low"?');
    expect(messageOf(() => LabelIndex.range("action", 4).indexOf(4))).toBe("action 4 does not exist, expected an integer from 0 to 3.");
    expect(() => states.indexOf("x" as "low")).toThrow(UnknownLabelError);
    expect(() => states.at(3)).toThrow(UnknownLabelError);
    expect(() => states.at(0.5)).toThrow(UnknownLabelError);
  });

  test("of many states are not all printed", () => {
    const many = LabelIndex.list(
      "state",
      Array.from({ length: 5000 }, (_, i) => `s${i}`),
    );
    expect(messageOf(() => many.indexOf("here")).length).toBeLessThan(200);
  });

  test("stand once", () => {
    expect(messageOf(() => LabelIndex.list("action", ["a", "b", "a"]))).toBe('actions[2] is "a", expected each label once, and actions[0] is the same.');
  });

  test("a range takes integers of its range only", () => {
    const range = LabelIndex.range("state", 3);
    for (const label of [-1, 3, 0.5, Number.NaN]) expect(range.find(label)).toBe(-1);
    expect(range.find("1" as unknown as number)).toBe(-1);
  });

  test("that are values have their JSON as key and name", () => {
    const cells = LabelIndex.list("state", [
      [0, 1],
      [1, 0],
    ]);
    expect(cells.indexOf([1, 0])).toBe(1);
    expect(cells.quote(1)).toBe("[1,0]");
    expect(defaultKey("a")).toBe("a");
    expect(defaultKey({ a: 1, b: undefined })).toBe('{"a":1}');
    expect(() => defaultKey([undefined])).toThrow(OptionError);
    expect(() => defaultKey(new Map())).toThrow(OptionError);
  });

  test("nearest: at most a third of the word may differ", () => {
    expect(nearest("serach", ["search", "wait"])).toBe("search");
    expect(nearest("Wait", ["search", "wait"])).toBe("wait");
    expect(nearest("jump", ["search", "wait"])).toBeUndefined();
  });
});

describe("a changed copy", () => {
  const robot = recyclingRobot();

  test("shares the storage and leaves the original", () => {
    const other = robot.with({ discount: 0.5, objective: "minimize" });
    expect(other.storage).toBe(robot.storage);
    expect([other.discount, other.objective]).toEqual([0.5, "minimize"]);
    expect([robot.discount, robot.objective]).toEqual([0.9, "maximize"]);
    expect(other.initial).toBe(robot.initial);
  });

  test("is checked", () => {
    expect(() => robot.with({ discount: 1.5 })).toThrow(OptionError);
    expect(issuesOf(() => robot.with({ initial: { state: Int32Array.of(0, 1), probability: Float64Array.of(0.5, 0.4) } }))[0]?.got).toBe("sums to 0.9");
    expect(issuesOf(() => robot.with({ initial: { state: Int32Array.of(), probability: Float64Array.of() } }))[0]?.got).toBe("sums to 0");
    expect(() => robot.with({ initial: { state: Int32Array.of(0), probability: Float64Array.of(0.5, 0.5) } })).toThrow(ShapeError);
    expect(() => new Mdp({ ...robot.parts, states: LabelIndex.list("state", ["high"]) })).toThrow(ShapeError);
  });
});

describe("withReward", () => {
  const robot = recyclingRobot();

  test("keeps the kernel's own arrays, and only the expected rewards are new", () => {
    const cheaper = withReward(robot, (s, a) => (a === "search" ? (s === "high" ? 2 : 3) : 0));
    for (const part of ["stateChoices", "choiceAction", "rowBranches", "target", "probability", "terminal"] as const)
      expect(cheaper.storage[part]).toBe(robot.storage[part]);
    expect(Array.from(cheaper.storage.reward)).toEqual([2, 0, 3, 0, 0]);
    expect(cheaper.storage.branchReward).toBeUndefined();
    expect(cheaper.branches("low", "search").map((branch) => branch.reward)).toEqual([3, 3]);
    expect(robot.branches("low", "search").map((branch) => branch.reward)).toEqual([-3, 5]);
    expect([cheaper.discount, cheaper.initial]).toEqual([robot.discount, robot.initial]);
  });

  test("copies the numbers it is given", () => {
    const numbers = Float64Array.of(1, 2, 3, 4, 5);
    const other = withReward(robot, numbers);
    numbers[0] = 9;
    expect(other.reward("high", "search")).toBe(1);
  });

  test("wants a finite number a choice, and names all that are not", () => {
    expect(() => withReward(robot, new Float64Array(4))).toThrow(ShapeError);
    expect(
      issuesOf(() => withReward(robot, (_, a) => (a === "wait" ? Number.NaN : a === "recharge" ? Infinity : 0))).map(({ where, got }) => `${where} ${got}`),
    ).toEqual(['transition("high","wait") has reward NaN', 'transition("low","wait") has reward NaN', 'transition("low","recharge") has reward Infinity']);
  });
});

describe("tables", () => {
  const robot = recyclingRobot();

  test("by state", () => {
    const table = new StateTable(robot.states, Float64Array.of(1, 2));
    expect(table.at("low")).toBe(2);
    expect([...table.entries()]).toEqual([
      ["high", 1],
      ["low", 2],
    ]);
    expect(() => table.at("lo" as "low")).toThrow(UnknownLabelError);
  });

  test("by choice", () => {
    const table = new ChoiceTable(robot.states, robot.actions, robot.storage, Float64Array.of(1, 2, 3, 4, 5));
    expect(table.at("low", "recharge")).toBe(5);
    expect([...table.row("high")]).toEqual([
      ["search", 1],
      ["wait", 2],
    ]);
    expect(Array.from(table.toDense(-1))).toEqual([1, 2, -1, 3, 4, 5]);
    expect(table.toDense()[2]).toBeNaN();
    expect(messageOf(() => table.at("high", "recharge"))).toBe('action "recharge" is not feasible in state "high", expected one of "search", "wait".');
  });
});

describe("storage", () => {
  test("knows the state of a choice, also beside states without any", () => {
    const model = buildMdp({ states: 6, actions: 2 }, (s, emit) => {
      if (s === 0 || s === 2 || s === 3 || s === 5) emit.terminal();
      else
        for (const a of [0, 1]) {
          emit.choice(a, 0);
          emit.branch(0, 1);
        }
    });
    expect([0, 1, 2, 3].map((c) => stateOfChoice(model.storage, c))).toEqual([1, 1, 4, 4]);
  });

  test("counts its bytes", () => {
    // 2+1 offsets, 5 actions, 5+1 offsets, 7 targets; 7 probabilities, 5 rewards, 7 branch rewards; 2 flags.
    expect(storageBytes(recyclingRobot().storage)).toBe(4 * (3 + 5 + 6 + 7) + 8 * (7 + 5 + 7) + 2);
  });
});

describe("checkMdp", () => {
  const withSum = (p: number) => defineMdp({ states: ["a"], actions: ["go"], transition: () => [["a", p]], reward: () => 0 });

  test("warns of sums that rounding alone does not explain", () => {
    const { warnings, total } = checkMdp(withSum(1 - 1e-12));
    expect(total).toBe(1);
    expect(warnings[0]?.where).toBe('transition("a","go")');
    expect(checkMdp(withSum(1 - 2 ** -52)).total).toBe(0);
    expect(checkMdp(recyclingRobot()).warnings).toEqual([]);
  });

  test("what it warns of is accepted; past 1e-9 it is not", () => {
    expect(() => withSum(1 - 2e-9)).toThrow(InvalidModelError);
  });
});
