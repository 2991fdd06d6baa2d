// Inventory control: Puterman (1994), section 3.2, by default with the numbers of 3.2.2.
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { cappedChance, cappedMean, countDistribution, poisson } from "./count-distribution.ts";
import { checkCounts, checkInteger, checkNumber } from "./option-checks.ts";

const FIXED_COST = 4;
const UNIT_COST = 2;
const HOLDING_COST = 1;
const PRICE = 8;

export interface InventoryOptions {
  /** Most units the warehouse holds. Default 3. */
  readonly capacity?: number | undefined;
  /** Mean of a Poisson demand. Default: demand 0, 1, 2 with chances 1/4, 1/2, 1/4, as in the book. */
  readonly mean?: number | undefined;
}

/**
 * A warehouse: each month order a units (4 + 2a if any), hold them at 1 each, sell at 8 what is asked for; unmet demand is lost; discount 0.99.
 *
 * @remarks State = units in stock 0 .. capacity, action = units ordered, 0 .. capacity - stock. Rewards are expectations over demand, 8 E[min(u, demand)] - cost, u = stock + order.
 * @throws OptionError
 * @example
 * inventory().mdp.reward(0, 2); // -2
 */
export function inventory(options: InventoryOptions = {}): BuiltIn {
  const capacity = checkInteger("inventory: capacity", options.capacity ?? 3, 1);
  const mean = options.mean === undefined ? undefined : checkNumber("inventory: mean", options.mean, 0, 1000);
  const choices = ((capacity + 1) * (capacity + 2)) / 2;
  checkCounts("inventory", { states: capacity + 1, choices, branches: choices * (capacity + 1) });
  const demand = mean === undefined ? countDistribution([0.25, 0.5, 0.25], capacity) : poisson(mean, capacity);
  const mdp = buildMdp<Label, Label>({ states: capacity + 1, actions: capacity + 1, discount: 0.99 }, (stock, model) => {
    for (let order = 0; order <= capacity - stock; order++) {
      const units = stock + order;
      const cost = (order > 0 ? FIXED_COST + UNIT_COST * order : 0) + HOLDING_COST * units;
      model.choice(order, PRICE * cappedMean(demand, units) - cost);
      for (let sold = 0; sold <= units; sold++) model.branch(units - sold, cappedChance(demand, units, sold));
    }
  });
  return {
    name: "inventory",
    spec: `inventory:capacity=${capacity}${mean === undefined ? "" : `,mean=${mean}`}`,
    task: `You run a warehouse of at most ${capacity} units. Each month you order some: an order costs 4 and 2 a unit, holding a unit costs 1, a unit sold earns 8; the demand is random and lost where it is not met. The action is how many units to order.`,
    mdp,
    describe: (s) => `in stock: ${s} of ${capacity}; room for ${capacity - s} more`,
    render: (s) => `${s} of ${capacity} units in stock`,
  };
}

export const inventoryEntry: BuiltInEntry = {
  name: "inventory",
  usage: "inventory[:capacity=N][,mean=X]",
  help: "Inventory control (Puterman 1994, section 3.2), mean: Poisson demand; default capacity=3 with the demand of section 3.2.2, discount 0.99.",
  read: (args) => {
    const options = { capacity: args.number("capacity"), mean: args.number("mean") };
    return () => inventory(options);
  },
};
