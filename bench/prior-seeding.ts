// What a prior saves Q-learning, and what a bad one costs: episodes and steps until the greedy policy is optimal, over 20 seeds.
// Run: npx tsx bench/prior-seeding.ts [--seeds N]
import { type BuiltIn, cliffWalking, maze, toEnv } from "../src/envs/index.ts";
import type { Label, Mdp } from "../src/mdp/index.ts";
import { Rng } from "../src/numeric/index.ts";
import { type Explorer, epsilonGreedy, greedy, Policy, policySpace } from "../src/policies/index.ts";
import { solve } from "../src/solvers/index.ts";
import { episodesToOptimal, priorSeed, rewardRange, type SeededOptions, type Spread } from "../src/solvers/learning/index.ts";

/** The problems, with the fewest moves that solve them. */
const PROBLEMS: Record<string, { readonly builtIn: BuiltIn; readonly maxSteps: number; readonly moves: number }> = {
  "seed maze, 4x4": { builtIn: maze(), maxSteps: 200, moves: 6 },
  "maze, 8x8": { builtIn: maze("00010000/01010110/01000100/01110101/00010001/11010111/00000000/01110110"), maxSteps: 500, moves: 14 },
  "cliff walking, discount 1": { builtIn: cliffWalking(), maxSteps: 1000, moves: 13 },
};

type Advice = readonly (readonly [action: Label, probability: number])[];

/** A policy that gives 0.85 to one action of each state and shares the rest. */
function favouring(mdp: Mdp<Label, Label>, favourite: (state: Label, actions: readonly Label[]) => Label): Policy<Label, Label> {
  return Policy.from(policySpace(mdp), (state): Advice => {
    const actions = mdp.feasibleActions(state);
    const chosen = favourite(state, actions);
    return actions.map((action) => [action, action === chosen ? 0.85 : 0.15 / (actions.length - 1)] as const);
  });
}

/** The priors that are compared; exact values say what is good advice and what is bad. */
async function priorsOf(mdp: Mdp<Label, Label>): Promise<Record<string, Policy<Label, Label>>> {
  const { q } = await solve(mdp, { epsilon: 1e-9 });
  const ranked = (state: Label, actions: readonly Label[]) => actions.toSorted((a, b) => q.at(state, b) - q.at(state, a));
  const stays = (state: Label, action: Label) => mdp.branches(state, action).every(({ next }) => next === state);
  const rng = new Rng("a tenth right");
  return {
    good: favouring(mdp, (state, actions) => ranked(state, actions)[0] ?? ""),
    "masks blocked moves": Policy.from(policySpace(mdp), (state): Advice => {
      const actions = mdp.feasibleActions(state);
      const open = actions.filter((action) => !stays(state, action));
      return (open.length > 0 ? open : actions).map((action) => [action, 1 / Math.max(1, open.length > 0 ? open.length : actions.length)] as const);
    }),
    uniform: Policy.uniform(policySpace(mdp)),
    "a tenth right": favouring(mdp, (state, actions) => {
      const order = ranked(state, actions);
      return order[rng.chance(0.1) ? 0 : 1 + rng.below(order.length - 1)] ?? "";
    }),
    harmful: favouring(mdp, (state, actions) => ranked(state, actions).at(-1) ?? ""),
  };
}

/** Whether the greedy policy walks from the start to the goal in as few moves as can be. */
function optimalFrom(mdp: Mdp<Label, Label>, moves: number): (policy: Policy<Label, Label>) => boolean {
  const { stateCount, target, rowBranches, choiceRow, terminal } = mdp.storage;
  const start = mdp.initial?.state[0] ?? 0;
  return (policy) => {
    let state = start;
    for (let k = 0; k < moves; k++) {
      const choice = policy.modeAt(state);
      if (choice < 0) return false;
      const next = target[rowBranches[choiceRow === undefined ? choice : choiceRow[choice]!]!]!;
      if (next === stateCount || terminal[next] === 1) return k === moves - 1;
      state = next;
    }
    return false;
  };
}

const shown = ({ median, min, max }: Spread): string => `${median} [${min}..${max}]`.replaceAll("Infinity", "never");

const seedsFlag = process.argv.indexOf("--seeds");
const seeds = seedsFlag < 0 ? 20 : Number(process.argv[seedsFlag + 1]);
console.log(`Median [least..most] over ${seeds} seeds, until the greedy policy is optimal from the start and stays so for 10 episodes.\n`);

for (const [name, { builtIn, maxSteps, moves }] of Object.entries(PROBLEMS)) {
  const { mdp } = builtIn;
  const env = toEnv(mdp, { maxSteps });
  const priors = await priorsOf(mdp);
  const seeding = priorSeed(env, Policy.uniform(policySpace(mdp)));
  const explorers: Record<string, Explorer> = { "greedy (optimism explores)": greedy(), "epsilon-greedy 0.1": epsilonGreedy(0.1) };
  for (const [explorer, explore] of Object.entries(explorers)) {
    console.log(`${name}, ${moves} moves, ${explorer}; V0 = ${seeding.ceiling}, weight = ${Number(seeding.weight.toPrecision(6))}`);
    console.log(`  ${"".padEnd(34)}${"episodes".padEnd(22)}steps`);
    const row = async (label: string, options: Partial<SeededOptions<Label, Label>>) => {
      const { episodes, steps, reached } = await episodesToOptimal(env, { seeds, maxEpisodes: 400, explore, ...options }, optimalFrom(mdp, moves));
      console.log(`  ${label.padEnd(34)}${shown(episodes).padEnd(22)}${shown(steps)}${reached < seeds ? `, ${seeds - reached} never` : ""}`);
    };
    await row("no prior, Q from 0", {});
    await row("no prior, Q from V0", { initialQ: seeding.ceiling });
    for (const [label, prior] of Object.entries(priors)) await row(`prior: ${label}`, { prior });
    const { scale } = rewardRange(mdp, mdp.discount ?? 1, mdp.objective);
    for (const priorWeight of [2 * seeding.weight, 0.25 * scale]) {
      console.log(`  with weight ${Number(priorWeight.toPrecision(6))}`);
      for (const [label, prior] of Object.entries(priors)) if (label !== "uniform") await row(`prior: ${label}`, { prior, priorWeight });
    }
    console.log("");
  }
}
