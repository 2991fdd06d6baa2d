// Three lanes, traffic in each, an exit on the right: change lanes in time, and do not crash.
import { fromSuccessors, type Mdp } from "mdpkit";

export interface Drive {
  /** 0 left, 1 middle, 2 right: where the exit is. */
  readonly lane: number;
  readonly fast: boolean;
  /** Car lengths to the next car in each lane, 0 (beside us, or bumper to bumper in our own lane) to 2 (clear). */
  readonly gaps: readonly number[];
  /** Distance to the exit. */
  readonly left: number;
  readonly over?: "took the exit" | "missed the exit" | "crash";
}

export type Steer = "keep" | "left" | "right" | "accelerate" | "brake";

const FAR = 10;
const CLEAR = 2;

/** How the distance to the next car changes in one step: probability by change. */
const CLOSING = { fast: { "-1": 0.45, "0": 0.45, "1": 0.1 }, slow: { "-1": 0.04, "0": 0.46, "1": 0.5 } } as const;
/** How often a new car comes into sight where the lane was clear. */
const NEW_CAR = 0.3;

export const TASK = "You drive on a motorway with three lanes and must leave at an exit on the right. Never hit another car.";

/** Hand-written moments. */
export const EXAMPLES = [
  { features: "lane middle, fast; ahead clear; left lane free; right lane taken; exit far", action: "keep" },
  { features: "lane left, fast; ahead touching; right lane taken; exit far", action: "brake" },
  { features: "lane middle, slow; ahead close; left lane taken; right lane free; exit near", action: "right" },
  { features: "lane left, slow; ahead clear; right lane taken; exit far", action: "accelerate" },
  { features: "lane middle, fast; ahead touching; left lane free; right lane taken; exit far", action: "left" },
  { features: "lane left, fast; ahead clear; right lane free; exit near", action: "right" },
  { features: "lane right, slow; ahead touching; left lane taken; exit far", action: "keep" },
  { features: "lane right, fast; ahead close; left lane taken; exit far", action: "brake" },
  { features: "lane right, fast; ahead clear; left lane taken; exit near", action: "keep" },
  { features: "lane right, slow; ahead close; left lane free; exit far", action: "left" },
  { features: "lane middle, slow; ahead clear; left lane free; right lane taken; exit far", action: "accelerate" },
] as const;

export function motorway(): Promise<Mdp<Drive, Steer>> {
  const start: Drive = { lane: 0, fast: true, gaps: [1, 1, 0], left: FAR };
  return fromSuccessors<Drive, Steer>(start, choicesOf, { actions: ["keep", "left", "right", "accelerate", "brake"], key: nameOf, discount: 1 });
}

const LANES = ["left", "middle", "right"] as const;

export function describeDrive({ lane, fast, gaps, left }: Drive): string {
  const ahead = ["touching", "close", "clear"][gaps[lane] ?? 0];
  const side = (to: number) => (LANES[to] === undefined ? [] : [`${to < lane ? "left" : "right"} lane ${(gaps[to] ?? 0) > 0 ? "free" : "taken"}`]);
  return [`lane ${LANES[lane]}, ${fast ? "fast" : "slow"}`, `ahead ${ahead}`, ...side(lane - 1), ...side(lane + 1), `exit ${left > 5 ? "far" : "near"}`].join(
    "; ",
  );
}

export function crashed(drive: Drive): boolean {
  return drive.over === "crash";
}

type Branch = readonly [Drive, number, number];

function choicesOf(drive: Drive): { action: Steer; branches: Branch[] }[] {
  if (drive.over !== undefined) return [];
  const { lane, fast } = drive;
  const choices: { action: Steer; branches: Branch[] }[] = [{ action: "keep", branches: roll(drive) }];
  if (lane > 0) choices.push({ action: "left", branches: change(drive, lane - 1) });
  if (lane < 2) choices.push({ action: "right", branches: change(drive, lane + 1) });
  choices.push(fast ? { action: "brake", branches: roll({ ...drive, fast: false }) } : { action: "accelerate", branches: roll({ ...drive, fast: true }) });
  return choices;
}

/** A lane change beside a car is a crash. */
function change(drive: Drive, lane: number): Branch[] {
  return drive.gaps[lane] === 0 ? [[{ ...drive, over: "crash" }, 1, CRASH]] : roll({ ...drive, lane });
}

const CRASH = -100;

/** One step of traffic: every lane's next car comes nearer or falls away; in our own lane too near is a crash, in another it is overtaken. */
function roll(drive: Drive): Branch[] {
  const { lane, fast, gaps } = drive;
  const left = drive.left - (fast ? 2 : 1);
  const closing = fast ? CLOSING.fast : CLOSING.slow;
  let ways: { readonly gaps: readonly number[]; readonly crash: boolean; readonly p: number }[] = [{ gaps: [], crash: false, p: 1 }];
  for (const [i, gap] of gaps.entries()) {
    const outcomes: (readonly [gap: number, crash: boolean, p: number])[] =
      gap === CLEAR
        ? [
            [CLEAR, false, 1 - NEW_CAR],
            [CLEAR - 1, false, NEW_CAR],
          ]
        : ([-1, 0, 1] as const).map((change) => [gap + change < 0 ? CLEAR : gap + change, gap + change < 0 && i === lane, closing[`${change}`]] as const);
    ways = ways.flatMap((way) => outcomes.map(([next, crash, p]) => ({ gaps: [...way.gaps, next], crash: way.crash || crash, p: way.p * p })));
  }
  return ways.map(({ gaps: next, crash, p }): Branch => {
    if (crash) return [{ lane, fast, gaps, left, over: "crash" }, p, CRASH];
    if (left > 0) return [{ lane, fast, gaps: next, left }, p, -1];
    return lane === 2 ? [{ lane, fast, gaps, left: 0, over: "took the exit" }, p, 10] : [{ lane, fast, gaps, left: 0, over: "missed the exit" }, p, -10];
  });
}

function nameOf({ lane, fast, gaps, left, over }: Drive): string {
  return over ?? `${LANES[lane]} lane, ${fast ? "fast" : "slow"}, cars at ${gaps.join(" ")}, exit in ${left}`;
}
