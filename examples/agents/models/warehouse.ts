// A robot fetches an item and brings it to the dock, on a floor with shelves, stairs to fall down, and wheels that slip.
import { fromSuccessors, type Mdp } from "mdpkit";

/** S the robot's start, I the item, D the dock, # a shelf, v stairs. */
const FLOOR = ["S..#...", ".#...v.", ".#.#.#I", "...v...", ".#...#.", "D..#..."] as const;

const ROWS = FLOOR.length;
const COLUMNS = FLOOR[0].length;

/** Each way a move may slip to the side. */
const SLIP = 0.06;
/** How often a slip shakes the item off. */
const DROP = 0.25;
/** How often a grab works. */
const GRIP = 0.9;

export type Command = "up" | "down" | "left" | "right" | "grab" | "place";

export interface Job {
  /** Row-major cell of the robot. */
  readonly robot: number;
  /** Row-major cell of the item, or "held"; "delivered" ends the job. */
  readonly item: number | "held" | "delivered";
}

const MOVES = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const;
type Direction = keyof typeof MOVES;
const DIRECTIONS: readonly Direction[] = ["up", "down", "left", "right"];
const SIDES: Readonly<Record<Direction, readonly [Direction, Direction]>> = {
  up: ["left", "right"],
  down: ["left", "right"],
  left: ["up", "down"],
  right: ["up", "down"],
};

export const TASK =
  "You drive a robot that fetches an item and brings it to the dock. Go towards the target by an open way, never onto stairs; grab the item when here, place it at the dock.";

/** Hand-written moments on other floors. */
export const EXAMPLES = [
  { features: "target item: up; open: up, left", action: "up" },
  { features: "target item: here; open: left, right", action: "grab" },
  { features: "target dock: right; open: left, right", action: "right" },
  { features: "target dock: here; open: up, down", action: "place" },
  { features: "target item: down and left; open: down, up", action: "down" },
  { features: "target dock: left; open: up, left, right", action: "left" },
  { features: "target item: here; open: up", action: "grab" },
  { features: "target dock: here; open: right", action: "place" },
  { features: "target dock: down and right; open: left, right; stairs: down", action: "right" },
  { features: "target item: up; open: left; stairs: up", action: "left" },
] as const;

export function warehouse(): Promise<Mdp<Job, Command>> {
  const start: Job = { robot: cellOf("S"), item: cellOf("I") };
  return fromSuccessors<Job, Command>(start, choicesOf, { actions: [...DIRECTIONS, "grab", "place"], key: nameOf, discount: 0.99 });
}

/** The floor as a picture for reports. */
export const PICTURE = {
  rows: ROWS,
  columns: COLUMNS,
  cells: FLOOR.flatMap((row) => [...row].map((sign) => ({ "#": "wall", v: "hole", D: "goal", S: "start" })[sign] ?? "open")),
};

export function describeJob({ robot, item }: Job): string {
  const target = item === "held" ? cellOf("D") : typeof item === "number" ? item : robot;
  const vertical = rowOf(target) < rowOf(robot) ? "up" : rowOf(target) > rowOf(robot) ? "down" : undefined;
  const sideways = columnOf(target) < columnOf(robot) ? "left" : columnOf(target) > columnOf(robot) ? "right" : undefined;
  const where = [vertical, sideways].filter((way) => way !== undefined).join(" and ") || "here";
  const ways = (sign: (cell: number) => boolean) => DIRECTIONS.filter((way) => step(robot, way) !== robot && sign(step(robot, way))).join(", ");
  const stairs = ways(isStairs);
  return `target ${item === "held" ? "dock" : "item"}: ${where}; open: ${ways((cell) => !isStairs(cell)) || "none"}${stairs === "" ? "" : `; stairs: ${stairs}`}`;
}

export function fell({ robot }: Job): boolean {
  return isStairs(robot);
}

type Branch = readonly [Job, number, number];

function choicesOf(job: Job): { action: Command; branches: Branch[] }[] {
  if (job.item === "delivered" || fell(job)) return [];
  const choices: { action: Command; branches: Branch[] }[] = DIRECTIONS.map((way) => ({ action: way, branches: moved(job, way) }));
  if (job.item === job.robot) {
    choices.push({
      action: "grab",
      branches: [
        [{ ...job, item: "held" }, GRIP, -1],
        [job, 1 - GRIP, -1],
      ],
    });
  }
  if (job.item === "held") {
    const home = job.robot === cellOf("D");
    choices.push({ action: "place", branches: [[{ ...job, item: home ? "delivered" : job.robot }, 1, home ? 60 : -1]] });
  }
  return choices;
}

function moved(job: Job, way: Direction): Branch[] {
  const straight: Job = { ...job, robot: step(job.robot, way) };
  const slips = SIDES[way].flatMap((side): Branch[] => {
    const robot = step(job.robot, side);
    if (job.item !== "held" || robot === job.robot || isStairs(robot)) return [[{ ...job, robot }, SLIP, costOf(robot)]];
    return [
      [{ robot, item: "held" }, SLIP * (1 - DROP), -1],
      [{ robot, item: robot }, SLIP * DROP, -1],
    ];
  });
  return [[straight, 1 - 2 * SLIP, costOf(straight.robot)], ...slips];
}

function costOf(cell: number): number {
  return isStairs(cell) ? -40 : -1;
}

/** The next cell; the same where a wall or the edge is. */
function step(cell: number, way: Direction): number {
  const [down, right] = MOVES[way];
  const [row, column] = [rowOf(cell) + down, columnOf(cell) + right];
  const sign = FLOOR[row]?.[column];
  return sign === undefined || sign === "#" ? cell : row * COLUMNS + column;
}

function isStairs(cell: number): boolean {
  return FLOOR[rowOf(cell)]?.[columnOf(cell)] === "v";
}

function cellOf(sign: string): number {
  return FLOOR.join("").indexOf(sign);
}

function rowOf(cell: number): number {
  return Math.floor(cell / COLUMNS);
}

function columnOf(cell: number): number {
  return cell % COLUMNS;
}

function nameOf({ robot, item }: Job): string {
  const place = (cell: number) => `${rowOf(cell)},${columnOf(cell)}`;
  return `robot ${place(robot)}, item ${typeof item === "number" ? place(item) : item}`;
}
