// Forest management: the example of MDPtoolbox (Chadès et al. 2014).
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkInteger, checkNumber } from "./option-checks.ts";

export interface ForestOptions {
  /** Age classes. Default 3. */
  readonly states?: number | undefined;
  /** Reward for waiting with the oldest forest. Default 4. */
  readonly r1?: number | undefined;
  /** Reward for cutting the oldest forest. Default 2. */
  readonly r2?: number | undefined;
  /** Probability of a fire in a year. Default 0.1. */
  readonly p?: number | undefined;
}

/**
 * A forest that is cut for wood or left to grow, and may burn: state = age class, actions wait and cut; discount 0.96.
 *
 * @remarks Waiting pays r1 in the oldest class, else 0; cutting pays 0 in the youngest, r2 in the oldest, else 1. Waiting leads to age 0 with probability p (fire), else one class up.
 * @throws OptionError
 * @example
 * forest({ states: 10 }).mdp.reward(9, "wait"); // 4
 */
export function forest(options: ForestOptions = {}): BuiltIn {
  const states = checkInteger("forest: states", options.states ?? 3, 2, 2 ** 29);
  const r1 = checkNumber("forest: r1", options.r1 ?? 4, -Number.MAX_VALUE, Number.MAX_VALUE);
  const r2 = checkNumber("forest: r2", options.r2 ?? 2, -Number.MAX_VALUE, Number.MAX_VALUE);
  const p = checkNumber("forest: p", options.p ?? 0.1, 0, 1);
  const oldest = states - 1;
  const mdp = buildMdp<Label, Label>({ states, actions: ["wait", "cut"], discount: 0.96 }, (s, model) => {
    model.choice(0, s === oldest ? r1 : 0);
    model.branch(0, p);
    model.branch(Math.min(s + 1, oldest), 1 - p);
    model.choice(1, s === 0 ? 0 : s === oldest ? r2 : 1);
    model.branch(0, 1);
  });
  const text = (s: number): string => `age of the forest: ${s} of ${oldest}`;
  return {
    name: "forest",
    spec: `forest:${states},r1=${r1},r2=${r2},p=${p}`,
    task: `Each year you let a forest grow or cut it. A fire burns it down with probability ${p} a year. Waiting pays ${r1} when the forest is oldest and nothing before; cutting pays ${r2} when it is oldest, 1 before, nothing at age 0.`,
    mdp,
    describe: text,
    render: text,
  };
}

export const forestEntry: BuiltInEntry = {
  name: "forest",
  usage: "forest[:STATES][,r1=R][,r2=R][,p=P]",
  help: "Forest management of MDPtoolbox; default forest:3,r1=4,r2=2,p=0.1, discount 0.96.",
  read: (args) => {
    const options = { states: args.firstNumber("states"), r1: args.number("r1"), r2: args.number("r2"), p: args.number("p") };
    return () => forest(options);
  },
};
