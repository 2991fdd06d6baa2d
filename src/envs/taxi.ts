// Taxi of Gymnasium (v3 and v4, dry): Dietterich (2000), its table entry by entry.
import { buildMdp, type Label } from "../mdp/index.ts";
import type { BuiltIn, BuiltInEntry } from "./built-in.ts";
import { type Compass, directionTo } from "./describe-grid.ts";

const ACTIONS = ["south", "north", "east", "west", "pickup", "dropoff"] as const;
const COMPASS: Compass = { up: "north", down: "south", left: "west", right: "east" };

/** Row and column of red, green, yellow and blue. */
const PLACES = [
  { name: "red", row: 0, column: 0 },
  { name: "green", row: 0, column: 4 },
  { name: "yellow", row: 4, column: 0 },
  { name: "blue", row: 4, column: 3 },
] as const;

const SIZE = 5;
const IN_TAXI = 4;

/** Per row, the columns that have a wall on their east side. */
const WALLS: readonly (readonly number[])[] = [[1], [1], [], [0, 2], [0, 2]];

interface TaxiState {
  readonly row: number;
  readonly column: number;
  /** 0 to 3: waiting at that place; 4: in the taxi. */
  readonly passenger: number;
  readonly destination: number;
}

function encode(s: TaxiState): number {
  return ((s.row * SIZE + s.column) * 5 + s.passenger) * 4 + s.destination;
}

function decode(state: number): TaxiState {
  return { row: Math.floor(state / 100), column: Math.floor(state / 20) % SIZE, passenger: Math.floor(state / 4) % 5, destination: state % 4 };
}

/** The place the taxi stands on, -1 elsewhere. */
function placeAt(s: TaxiState): number {
  return PLACES.findIndex((place) => place.row === s.row && place.column === s.column);
}

function drive(s: TaxiState, action: (typeof ACTIONS)[number]): TaxiState {
  if (action === "south") return { ...s, row: Math.min(SIZE - 1, s.row + 1) };
  if (action === "north") return { ...s, row: Math.max(0, s.row - 1) };
  const wallBeside = (column: number): boolean => WALLS[s.row]?.includes(column) ?? false;
  if (action === "east" && s.column < SIZE - 1 && !wallBeside(s.column)) return { ...s, column: s.column + 1 };
  if (action === "west" && s.column > 0 && !wallBeside(s.column - 1)) return { ...s, column: s.column - 1 };
  return s;
}

/** What an action does: the state entered, its reward, whether the ride is over. */
function act(s: TaxiState, action: (typeof ACTIONS)[number]): readonly [next: TaxiState, reward: number, ends: boolean] {
  const here = placeAt(s);
  if (action === "pickup") return here >= 0 && s.passenger === here ? [{ ...s, passenger: IN_TAXI }, -1, false] : [s, -10, false];
  if (action === "dropoff") {
    if (s.passenger !== IN_TAXI || here < 0) return [s, -10, false];
    const ends = here === s.destination;
    return [{ ...s, passenger: here }, ends ? 20 : -1, ends];
  }
  return [drive(s, action), -1, false];
}

/**
 * Fetch a passenger and bring them to their destination: -1 a step, 20 for delivery, -10 for a wrong pickup or dropoff; discount 0.99.
 *
 * @remarks States ((row * 5 + column) * 5 + passenger) * 4 + destination, actions (south, north, east, west, pickup, dropoff) and table are
 *   Gymnasium's, also for the states no episode meets. Episodes start with the passenger waiting elsewhere than at the destination: 300 states alike.
 * @example
 * taxi().mdp.stateCount; // 500
 */
export function taxi(): BuiltIn {
  const starts: number[] = [];
  for (let s = 0; s < 500; s++) {
    const { passenger, destination } = decode(s);
    if (passenger !== IN_TAXI && passenger !== destination) starts.push(s);
  }
  const initial = { state: Int32Array.from(starts), probability: new Float64Array(starts.length).fill(1 / starts.length) };
  const mdp = buildMdp<Label, Label>({ states: 500, actions: ACTIONS, discount: 0.99, initial }, (s, model) => {
    for (const [a, action] of ACTIONS.entries()) {
      const [next, reward, ends] = act(decode(s), action);
      model.choice(a, reward);
      model.branch(encode(next), 1, reward, ends);
    }
  });
  return {
    name: "taxi",
    spec: "taxi",
    task: "You drive a taxi on a 5x5 grid with walls, one cell south, north, east or west a move. Pick up the passenger where they wait and drop them off at their destination. Every step costs 1, a wrong pickup or dropoff 10.",
    mdp,
    maxSteps: 200,
    describe,
    render,
  };
}

function describe(state: number): string {
  const s = decode(state);
  const way = (place: number): string => {
    const to = PLACES[place];
    return to === undefined ? "in the taxi" : directionTo(to.row - s.row, to.column - s.column, COMPASS);
  };
  const open = ACTIONS.slice(0, 4).filter((action) => encode(drive(s, action)) !== state);
  return `passenger: ${way(s.passenger)}; destination: ${way(s.destination)}; open: ${open.join(", ")}`;
}

/** The map: `T` the taxi (`t` with the passenger in it), `P` the passenger, `D` the destination, `|` walls. */
function render(state: number): string {
  const s = decode(state);
  const lines: string[] = [];
  for (let row = 0; row < SIZE; row++) {
    let line = "";
    for (let column = 0; column < SIZE; column++) {
      const place = placeAt({ ...s, row, column });
      let mark = ".";
      if (place === s.destination) mark = "D";
      if (place >= 0 && place === s.passenger) mark = "P";
      if (row === s.row && column === s.column) mark = s.passenger === IN_TAXI ? "t" : "T";
      line += mark + (WALLS[row]?.includes(column) ? "|" : " ");
    }
    lines.push(line.trimEnd());
  }
  return lines.join("\n");
}

export const taxiEntry: BuiltInEntry = {
  name: "taxi",
  usage: "taxi",
  help: "Taxi-v3 of Gymnasium (Dietterich 2000), 500 states, discount 0.99.",
  read: () => taxi,
};
