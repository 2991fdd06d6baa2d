// The suite: every problem that is measured, by family, from fixed seeds.
import { forest, garnet, grid, inventory, jacksCarRental } from "../src/envs/index.ts";
import { layered } from "./problems/layered.ts";
import type { Problem } from "./problems/problem.ts";
import { queueing } from "./problems/queueing.ts";
import { replacement } from "./problems/replacement.ts";
import { slowChain } from "./problems/slow-chain.ts";

export type { Problem } from "./problems/problem.ts";

function garnetProblem(name: string, states: number, actions: number, branches: number, discount: number, family = "garnet"): Problem {
  const about = `${states.toLocaleString("en")} states × ${actions} actions × ${branches} branches, ${discount}`;
  return { name, family, about, make: () => garnet({ states, actions, branches, seed: 1 }).mdp.with({ discount }) };
}

function gridProblem(name: string, family: string, side: number, discount: number): Problem {
  const about = `${side} × ${side}, slip 0.2, walls 20%, cost 1, ${discount}`;
  return { name, family, about, make: () => grid({ rows: side, columns: side, slip: 0.2, walls: 0.2, seed: 1 }).mdp.with({ discount }) };
}

function inventoryProblem(name: string, capacity: number, mean: number, discount: number): Problem {
  const about = `capacity ${capacity}, Poisson demand of ${mean}, ${discount}`;
  return { name, family: "inventory", about, make: () => inventory({ capacity, mean }).mdp.with({ discount }) };
}

/** From the smallest of a family to the largest. */
export const problems: readonly Problem[] = [
  garnetProblem("garnet-1k", 1000, 10, 10, 0.99),
  garnetProblem("garnet-100k", 100_000, 10, 10, 0.99),
  garnetProblem("garnet-100k-slow", 100_000, 5, 10, 0.9999),
  gridProblem("grid-300", "grid", 300, 0.99),
  gridProblem("maze-1000", "maze", 1000, 0.999),
  inventoryProblem("inventory-200", 200, 20, 0.99),
  inventoryProblem("inventory-500", 500, 50, 0.999),
  { name: "forest-100k", family: "forest", about: "100,000 age classes, 0.99", make: () => forest({ states: 100_000 }).mdp.with({ discount: 0.99 }) },
  { name: "queueing-90k", family: "queueing", about: "admission and routing to two queues of up to 299, 0.999", make: () => queueing(299, 0.999) },
  { name: "replacement-10k", family: "replacement", about: "10,000 degrees of wear, 0.999", make: () => replacement(10_000, 0.999) },
  { name: "chain-1k", family: "chain", about: "1,000 places, ends that pay 0.01 and 0.1, 0.99999", make: () => slowChain(1000, 0.99999) },
  { name: "jacks-car-rental", family: "jacks-car-rental", about: "441 states, up to 11 actions, 0.9", make: () => jacksCarRental().mdp },
  garnetProblem("few-actions", 200_000, 2, 5, 0.99, "few actions"),
  garnetProblem("many-actions", 5000, 200, 5, 0.99, "many actions"),
  { name: "layered-100k", family: "layered", about: "50 layers × 2,000 states × 4 actions × 5 branches, 0.99", make: () => layered(50, 2000, 4, 5, 0.99) },
  garnetProblem("dense-200", 200, 10, 200, 0.99, "dense"),
  garnetProblem("garnet-1m", 1_000_000, 4, 3, 0.99),
  { ...garnetProblem("garnet-10m", 10_000_000, 4, 3, 0.99), large: true },
];

/** The problems whose name or family contains one of the words, the large ones only if asked for. */
export function chosenProblems(only: readonly string[], large: boolean): Problem[] {
  return problems.filter((p) => (large || p.large !== true) && (only.length === 0 || only.some((word) => p.name.includes(word) || p.family.includes(word))));
}
