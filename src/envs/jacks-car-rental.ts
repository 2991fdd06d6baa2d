// Jack's car rental: Sutton & Barto, example 4.2, the original problem (not exercise 4.7).
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { cappedChance, cappedMean, poisson } from "./count-distribution.ts";

const MOST_CARS = 20;
const MOST_MOVED = 5;
const COUNTS = MOST_CARS + 1;
const CREDIT = 10;
const MOVE_COST = 2;

/** One site's day, from n cars in the morning. */
interface Site {
  /** The chance of m cars in the evening stands at n * 21 + m. */
  readonly evening: Float64Array;
  /** Expected rentals by n. */
  readonly rentals: Float64Array;
}

function site(requestRate: number, returnRate: number): Site {
  const requests = poisson(requestRate, MOST_CARS);
  const returns = poisson(returnRate, MOST_CARS);
  const evening = new Float64Array(COUNTS * COUNTS);
  const rentals = new Float64Array(COUNTS);
  for (let n = 0; n <= MOST_CARS; n++) {
    rentals[n] = cappedMean(requests, n);
    for (let rented = 0; rented <= n; rented++) {
      // Cars come back in the evening: they can be rented from the next day on, and those past the most a site holds are lost.
      const left = n - rented;
      for (let back = 0; back <= MOST_CARS - left; back++) {
        evening[n * COUNTS + left + back]! += cappedChance(requests, n, rented) * cappedChance(returns, MOST_CARS - left, back);
      }
    }
  }
  return { evening, rentals };
}

/**
 * Two car rental sites: overnight up to five cars are moved between them at 2 each, by day each rental earns 10; discount 0.9.
 *
 * @remarks State = first * 21 + second, the cars at each site in the evening, at most 20. Actions -5 .. 5: cars moved from the first to the second site
 *   (negative: back); more than a site has are infeasible, more than the other can hold are lost. Requests are Poisson(3) and
 *   Poisson(4), returns Poisson(3) and Poisson(2), tails summed. Rewards are expectations over requests.
 * @example
 * jacksCarRental().mdp.feasibleActions(0); // [0]
 */
export function jacksCarRental(): BuiltIn {
  const first = site(3, 3);
  const second = site(4, 2);
  const actions = Array.from({ length: 2 * MOST_MOVED + 1 }, (_, a) => a - MOST_MOVED);
  const mdp = buildMdp<Label, Label>({ states: COUNTS * COUNTS, actions, discount: 0.9 }, (s, model) => {
    const carsFirst = Math.floor(s / COUNTS);
    const carsSecond = s % COUNTS;
    for (const [a, moved] of actions.entries()) {
      if (moved > carsFirst || -moved > carsSecond) continue;
      const n1 = Math.min(MOST_CARS, carsFirst - moved);
      const n2 = Math.min(MOST_CARS, carsSecond + moved);
      model.choice(a, CREDIT * (first.rentals[n1]! + second.rentals[n2]!) - MOVE_COST * Math.abs(moved));
      for (let m1 = 0; m1 < COUNTS; m1++) {
        const p1 = first.evening[n1 * COUNTS + m1]!;
        for (let m2 = 0; m2 < COUNTS; m2++) model.branch(m1 * COUNTS + m2, p1 * second.evening[n2 * COUNTS + m2]!);
      }
    }
  });
  const text = (s: number): string => `first site: ${Math.floor(s / COUNTS)} cars; second site: ${s % COUNTS} cars`;
  return {
    name: "jacks-car-rental",
    spec: "jacks-car-rental",
    task: "You run two car rental sites of at most 20 cars each. On average 3 cars a day are asked for and 3 brought back at the first, 4 and 2 at the second; a rental earns 10. Overnight you may move up to 5 cars at 2 each: the action is how many go from the first to the second site, negative for the other way.",
    mdp,
    describe: (s) => `${text(s)}; each holds at most ${MOST_CARS}`,
    render: text,
  };
}

export const jacksCarRentalEntry: BuiltInEntry = {
  name: "jacks-car-rental",
  usage: "jacks-car-rental",
  help: "Jack's car rental (Sutton & Barto, example 4.2), 441 states, actions -5..5, discount 0.9.",
  read: () => jacksCarRental,
};
