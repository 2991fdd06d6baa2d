// The chain of Haddad & Monmege (2018): where value iteration without an upper bound stops far from the answer.
import { defineMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { checkInteger, checkNumber } from "./option-checks.ts";

export interface ChainOptions {
  /** Length of both arms. Default 10. */
  readonly length?: number | undefined;
  /** Chance that the start leads into arm a. Default 0.7. */
  readonly p?: number | undefined;
}

/**
 * From the start into arm a with chance p, else into arm b; along an arm one further or back to the start, a half each. Reward 1 on reaching a's end; discount 1.
 *
 * @remarks The value of the start is exactly p; an episode takes 3 * 2^(length - 1) - 2 steps on average, so iterations from 0 hardly move. One action, `go`.
 * @throws OptionError
 * @example
 * chain({ length: 20 }).mdp.stateCount; // 41
 */
export function chain(options: ChainOptions = {}): BuiltIn {
  const length = checkInteger("chain: length", options.length ?? 10, 1, 1_000_000);
  const p = checkNumber("chain: p", options.p ?? 0.7, 0, 1);
  const states: string[] = ["start"];
  for (const arm of ["a", "b"]) for (let i = 1; i <= length; i++) states.push(`${arm}${i}`);
  const ends = [`a${length}`, `b${length}`];
  const mdp = defineMdp<Label, Label>({
    states,
    actions: ["go"],
    discount: 1,
    initial: "start",
    terminal: ends,
    transition: (s) => {
      if (s === "start")
        return [
          ["a1", p],
          ["b1", 1 - p],
        ];
      const text = String(s);
      return [
        [`${text.slice(0, 1)}${Number(text.slice(1)) + 1}`, 0.5],
        ["start", 0.5],
      ];
    },
    reward: (_, __, next) => (next === ends[0] ? 1 : 0),
  });
  const text = (s: number): string => `at ${mdp.states.name(s)} of ${length}`;
  return {
    name: "chain",
    spec: `chain:${length},p=${p}`,
    task: "A token moves by chance along two arms or back to the start; it pays 1 at the end of arm a.",
    mdp,
    describe: text,
    render: text,
  };
}

export const chainEntry: BuiltInEntry = {
  name: "chain",
  usage: "chain[:LENGTH][,p=P]",
  help: "The two-armed chain of Haddad & Monmege (2018), value of the start exactly p; default 10,p=0.7, discount 1.",
  read: (args) => {
    const options = { length: args.firstNumber("length"), p: args.number("p") };
    return () => chain(options);
  },
};
