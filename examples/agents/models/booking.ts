// A table is to be booked in a conversation: four details to ask for, which may be misheard, and a guest whose patience ends.
import { fromSuccessors, type Mdp } from "mdpkit";

/** Per detail: not told, heard (perhaps wrongly), or confirmed. */
export type Known = "missing" | "heard" | "sure";

export interface Talk {
  readonly known: readonly Known[];
  /** Turns the guest still takes. */
  readonly patience: number;
  /** Set where the talk is over. */
  readonly over?: "booked" | "wrong booking" | "handed over" | "hung up";
}

export type Move = "ask" | "confirm" | "book" | "transfer";

/** A detail, how often it is heard at all, and how often what is heard is right. */
const DETAILS = [
  { name: "food", heard: 0.9, right: 0.92 },
  { name: "area", heard: 0.85, right: 0.95 },
  { name: "time", heard: 0.8, right: 0.75 },
  { name: "people", heard: 0.9, right: 0.85 },
] as const;

const PATIENCE = 10;
/** A confirmed detail is right this often. */
const SURE = 0.995;
/** How often a turn costs patience. */
const WEARS = { ask: 0.35, confirm: 0.6 } as const;

export const TASK =
  "You book a table for a guest by phone. Ask for what is missing, confirm what may be misheard, then book; transfer the call if it goes badly.";

/** Hand-written turns of other talks. */
export const EXAMPLES = [
  { features: "missing: food, area, time, people; unsure: none; patience high", action: "ask" },
  { features: "missing: none; unsure: none; patience medium", action: "book" },
  { features: "missing: none; unsure: time, people; patience high", action: "confirm" },
  { features: "missing: food, area, time; unsure: people; patience low", action: "transfer" },
  { features: "missing: none; unsure: none; patience low", action: "book" },
  { features: "missing: time; unsure: none; patience medium", action: "ask" },
  { features: "missing: none; unsure: time; patience medium", action: "confirm" },
  { features: "missing: area, time, people; unsure: food; patience low", action: "transfer" },
] as const;

export function bookingModel(): Promise<Mdp<Talk, Move>> {
  const start: Talk = { known: DETAILS.map(() => "missing"), patience: PATIENCE };
  return fromSuccessors<Talk, Move>(start, choicesOf, { actions: ["ask", "confirm", "book", "transfer"], key: nameOf, discount: 0.98 });
}

/** One line of what the agent knows. */
export function describeTalk(talk: Talk): string {
  const having = (known: Known) => DETAILS.filter((_, i) => talk.known[i] === known).map((detail) => detail.name);
  const list = (names: readonly string[]) => names.join(", ") || "none";
  const patience = talk.patience > 6 ? "high" : talk.patience > 3 ? "medium" : "low";
  return `missing: ${list(having("missing"))}; unsure: ${list(having("heard"))}; patience ${patience}`;
}

export function wentWrong(talk: Talk): boolean {
  return talk.over === "wrong booking";
}

function nameOf(talk: Talk): string {
  return talk.over ?? `${DETAILS.map((detail, i) => `${detail.name} ${talk.known[i]}`).join(", ")}, patience ${talk.patience}`;
}

type Branch = readonly [Talk, number, number];

function choicesOf(talk: Talk): { action: Move; branches: Branch[] }[] {
  if (talk.over !== undefined) return [];
  const choices: { action: Move; branches: Branch[] }[] = [];
  const missing = talk.known.indexOf("missing");
  // Of what was heard, the detail that is wrong most often is confirmed first.
  const heard = talk.known.flatMap((known, i) => (known === "heard" ? [i] : [])).sort((a, b) => rightness(a) - rightness(b))[0];
  if (missing >= 0) {
    const p = DETAILS[missing]?.heard ?? 0;
    choices.push({
      action: "ask",
      branches: wearing(talk, WEARS.ask, [
        [missing, "heard", p],
        [missing, "missing", 1 - p],
      ]),
    });
  }
  if (heard !== undefined) {
    choices.push({
      action: "confirm",
      branches: wearing(talk, WEARS.confirm, [
        [heard, "sure", rightness(heard)],
        [heard, "missing", 1 - rightness(heard)],
      ]),
    });
  }
  if (missing < 0) {
    const right = talk.known.reduce((p, known, i) => p * (known === "sure" ? SURE : rightness(i)), 1);
    choices.push({
      action: "book",
      branches: [
        [ended(talk, "booked"), right, 20],
        [ended(talk, "wrong booking"), 1 - right, -30],
      ],
    });
  }
  choices.push({ action: "transfer", branches: [[ended(talk, "handed over"), 1, -2]] });
  return choices;
}

/** A turn: one detail changes, and the guest may lose patience; at 0 the guest hangs up. */
function wearing(talk: Talk, wears: number, changes: readonly (readonly [detail: number, known: Known, probability: number])[]): Branch[] {
  const after = (detail: number, known: Known, patience: number): Talk =>
    patience === 0 ? ended(talk, "hung up") : { known: talk.known.map((old, i) => (i === detail ? known : old)), patience };
  return changes.flatMap(([detail, known, p]): Branch[] => [
    [after(detail, known, talk.patience), p * (1 - wears), -1],
    [after(detail, known, talk.patience - 1), p * wears, talk.patience === 1 ? -10 : -1],
  ]);
}

function ended(talk: Talk, over: NonNullable<Talk["over"]>): Talk {
  return { known: talk.known, patience: talk.patience, over };
}

function rightness(detail: number): number {
  return DETAILS[detail]?.right ?? 0;
}
