// Small models that several of these tests use, and a way to see what is wrong with one.
import { InvalidModelError, type ModelIssue } from "../../../src/errors.ts";
import { defineMdp, type Mdp } from "../../../src/mdp/index.ts";

type State = "high" | "low";
type Action = "search" | "wait" | "recharge";

/** Sutton and Barto's recycling robot (2nd edition, example 3.3) with the numbers of the design document. */
export function recyclingRobot(): Mdp<State, Action> {
  return defineMdp({
    states: ["high", "low"],
    actions: ["search", "wait", "recharge"],
    discount: 0.9,
    initial: "high",
    feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
    transition: (s, a) =>
      a === "wait"
        ? s
        : a === "recharge"
          ? "high"
          : [
              ["high", s === "high" ? 0.8 : 0.4],
              ["low", s === "high" ? 0.2 : 0.6],
            ],
    reward: (s, a, next) => (a === "wait" ? 1 : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : 5),
  });
}

/** Everything a model-making call finds wrong. Fails where it finds nothing. */
export function issuesOf(make: () => unknown): readonly ModelIssue[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InvalidModelError) return error.issues;
    throw error;
  }
  throw new Error("the model was accepted");
}

/** The message of the error a call throws. Fails where it throws nothing. */
export function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}
