// The recycling robot: Sutton & Barto, example 3.3.
import { defineMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkNumber } from "./option-checks.ts";

export interface RecyclingRobotOptions {
  /** Chance that searching with a high battery leaves it high. Default 0.8. */
  readonly alpha?: number | undefined;
  /** Chance that searching with a low battery does not deplete it. Default 0.6. */
  readonly beta?: number | undefined;
  /** Reward of searching. Default 5. */
  readonly search?: number | undefined;
  /** Reward of waiting. Default 1. */
  readonly wait?: number | undefined;
}

/**
 * A robot that collects cans: search, wait, or (with a low battery) recharge; a depleted battery costs 3; discount 0.9.
 *
 * @throws OptionError
 * @example
 * recyclingRobot().mdp.feasibleActions("high"); // ["search", "wait"]
 */
export function recyclingRobot(options: RecyclingRobotOptions = {}): BuiltIn {
  const alpha = checkNumber("recycling-robot: alpha", options.alpha ?? 0.8, 0, 1);
  const beta = checkNumber("recycling-robot: beta", options.beta ?? 0.6, 0, 1);
  const search = checkNumber("recycling-robot: search", options.search ?? 5, -Number.MAX_VALUE, Number.MAX_VALUE);
  const wait = checkNumber("recycling-robot: wait", options.wait ?? 1, -Number.MAX_VALUE, Number.MAX_VALUE);
  const mdp = defineMdp<Label, Label>({
    states: ["high", "low"],
    actions: ["search", "wait", "recharge"],
    discount: 0.9,
    initial: "high",
    feasible: (s) => (s === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
    transition: (s, a) => {
      if (a === "wait") return s;
      if (a === "recharge") return "high";
      // A robot that ran out of battery while it searched with little is rescued, and charged.
      return s === "high"
        ? [
            ["high", alpha],
            ["low", 1 - alpha],
          ]
        : [
            ["high", 1 - beta],
            ["low", beta],
          ];
    },
    reward: (s, a, next) => (a === "wait" ? wait : a === "recharge" ? 0 : s === "low" && next === "high" ? -3 : search),
  });
  const text = (s: number): string => `battery: ${mdp.states.name(s)}`;
  return {
    name: "recycling-robot",
    spec: `recycling-robot:alpha=${alpha},beta=${beta},search=${search},wait=${wait}`,
    task: `You are a robot that collects empty cans. Searching earns ${search} but may drain the battery, and costs 3 if it runs out; waiting earns ${wait}; recharging earns nothing.`,
    mdp,
    describe: text,
    render: text,
  };
}

export const recyclingRobotEntry: BuiltInEntry = {
  name: "recycling-robot",
  usage: "recycling-robot[:alpha=P][,beta=P][,search=R][,wait=R]",
  help: "The recycling robot (Sutton & Barto, example 3.3); default alpha=0.8,beta=0.6,search=5,wait=1, discount 0.9.",
  read: (args) => {
    const options = { alpha: args.number("alpha"), beta: args.number("beta"), search: args.number("search"), wait: args.number("wait") };
    return () => recyclingRobot(options);
  },
};
