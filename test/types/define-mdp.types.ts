// What the compiler must refuse and infer of declared models. Checked by the compiler, never run.
import { expectTypeOf } from "vitest";
import { buildMdp, ChoiceTable, defineMdp, fromCsr, fromDense, fromSuccessors, type Mdp, StateTable, withReward } from "../../src/mdp/index.ts";

const states = ["high", "low"] as const;
const actions = ["search", "wait", "recharge"] as const;

const robot = defineMdp({
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
  transition: (s, a) =>
    a === "wait"
      ? s
      : a === "recharge"
        ? "high"
        : [
            ["high", 0.5],
            ["low", 0.5],
          ],
  reward: (s, a, next) => (a === "wait" ? 1 : s === "low" && next === "high" ? -3 : 5),
  terminal: [],
  initial: "high",
});

/** Labels are literals, without `as const`. */
export function labelsAreLiterals(): void {
  expectTypeOf(robot).toEqualTypeOf<Mdp<"high" | "low", "search" | "wait" | "recharge">>();
  expectTypeOf(robot.feasibleActions("high")).toEqualTypeOf<("search" | "wait" | "recharge")[]>();
  expectTypeOf(robot.branches("low", "wait")[0]?.next).toEqualTypeOf<"high" | "low" | undefined>();
  expectTypeOf(defineMdp({ states: 3, actions: ["go"], transition: (s) => s, reward: () => 0 })).toEqualTypeOf<Mdp<number, "go">>();
}

/** A misspelt label does not compile, wherever it stands. */
export function misspeltLabels(): void {
  defineMdp({
    states,
    actions,
    // @ts-expect-error "hihg" is no state
    transition: () => "hihg",
    reward: () => 0,
  });
  defineMdp({
    states,
    actions,
    transition: () => [
      ["high", 0.5],
      // @ts-expect-error "lo" is no state
      ["lo", 0.5],
    ],
    reward: () => 0,
  });
  defineMdp({
    states,
    actions,
    // @ts-expect-error "serach" is no action
    transition: (s, a) => (a === "serach" ? "low" : s),
    reward: () => 0,
  });
  defineMdp({
    states,
    actions,
    // @ts-expect-error "serach" is no action
    feasible: () => ["serach"],
    transition: (s) => s,
    reward: () => 0,
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    // @ts-expect-error "hgih" is no state
    reward: (s) => (s === "hgih" ? 1 : 0),
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    // @ts-expect-error "lwo" is no state to go to
    reward: (_s, _a, next) => (next === "lwo" ? 1 : 0),
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    reward: () => 0,
    // @ts-expect-error "off" is no state
    terminal: ["off"],
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    reward: () => 0,
    // @ts-expect-error "off" is no state
    terminal: (s) => s === "off",
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    reward: () => 0,
    // @ts-expect-error "off" is no state
    initial: "off",
  });
  defineMdp({
    states,
    actions,
    transition: (s) => s,
    reward: () => 0,
    initial: [
      ["high", 0.5],
      // @ts-expect-error "off" is no state
      ["off", 0.5],
    ],
  });
}

/** Nor does it when a model is asked. */
export function misspeltQuestions(): void {
  // @ts-expect-error "middle" is no state
  robot.isTerminal("middle");
  // @ts-expect-error "jump" is no action
  robot.reward("high", "jump");
  // @ts-expect-error "middle" is no state
  withReward(robot, (s) => (s === "middle" ? 1 : 0));
  const value = new StateTable(robot.states, new Float64Array(2));
  // @ts-expect-error "middle" is no state
  value.at("middle");
  const q = new ChoiceTable(robot.states, robot.actions, robot.storage, new Float64Array(5));
  // @ts-expect-error "jump" is no action
  q.at("high", "jump");
}

/** What else does not compile. */
export function wrongShapes(): void {
  // @ts-expect-error an object keyed by label would let misspelt keys through
  defineMdp({ states, actions, transition: () => ({ high: 1 }), reward: () => 0 });
  // @ts-expect-error a reward is a number
  defineMdp({ states, actions, transition: (s) => s, reward: () => "5" });
  // @ts-expect-error an objective is "maximize" or "minimize"
  defineMdp({ states, actions, transition: (s) => s, reward: () => 0, objective: "max" });
  // @ts-expect-error a model cannot be changed
  robot.discount = 0.5;
  // @ts-expect-error rewards are needed
  fromDense({ transition: [[[1]]] });
}

/** The other ways to make a model keep labels too. */
export async function otherWays(): Promise<void> {
  expectTypeOf(buildMdp({ states: 5, actions: 2 }, () => {})).toEqualTypeOf<Mdp<number, number>>();
  expectTypeOf(buildMdp({ states: ["a", "b"], actions: ["go"] }, () => {})).toEqualTypeOf<Mdp<"a" | "b", "go">>();
  expectTypeOf(fromDense({ transition: [[[1]]], reward: [0] })).toEqualTypeOf<Mdp<number, number>>();
  expectTypeOf(fromCsr({ states: ["a", "b"], actions: 1, indptr: [], indices: [], data: [], reward: [] })).toEqualTypeOf<Mdp<"a" | "b", number>>();
  expectTypeOf(withReward(robot, () => 0)).toEqualTypeOf<typeof robot>();
  const walk = await fromSuccessors<{ x: number }, "left" | "right">({ x: 0 }, () => []);
  expectTypeOf(walk).toEqualTypeOf<Mdp<{ x: number }, "left" | "right">>();
  // @ts-expect-error "up" is no action here
  await fromSuccessors<number, "left" | "right">(0, () => [{ action: "up", reward: 0, branches: [[0, 1]] }]);
}
