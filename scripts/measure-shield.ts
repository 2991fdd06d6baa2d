// Measures what the shield with a risk budget leaves of the return: `npx tsx scripts/measure-shield.ts`, after a build. Writes the table of docs/shield.md.
//
// Beside the best agent behind the shield stand the optimum without one, and the constrained optimum: the best return of any agent, with memory and at random, whose own
// probability of harm is at most δ. That is bounded from above by Lagrangian duality (Altman 1999, chapter 3): for every price of harm, the optimum of the priced
// model plus price·δ. All models have discount 1, as the theory asks for.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import {
  evaluatePolicy,
  fromSuccessors,
  guardedProcess,
  harmModel,
  type Label,
  type Mdp,
  makeBuiltIn,
  type Policy,
  riskShield,
  solve,
  withReward,
  worstHarm,
} from "mdpkit";
import { crashed, motorway } from "../examples/agents/models/motorway.ts";
import { isLost, ticTacToe } from "../examples/agents/models/tic-tac-toe.ts";
import { ROOT } from "./source-files.ts";

const EPSILON = 1e-7;
/** Halvings of the price's range. */
const PRICES = 24;

interface Row {
  readonly cells: readonly string[];
}

const rows: Row[] = [];
const holes = new Set(makeBuiltIn("frozen-lake:4x4").grid?.statesOf("hole"));
const lake = await endedLake();
for (const limit of [0.05, 0.1, 0.15]) await measure("frozen lake 4x4", lake, (cell) => holes.has(Number(cell)), limit, 64);
for (const limit of [0.05]) await measure("tic-tac-toe", await ticTacToe(), isLost, limit, 64);
for (const limit of [0.006]) await measure("motorway", await motorway(), crashed, limit, 8);

/** Gymnasium's lake, whose holes and goal have choices of their own, with those left out: runs end there. */
function endedLake(): Promise<Mdp<Label, Label>> {
  const { mdp, grid } = makeBuiltIn("frozen-lake:4x4");
  const ends = new Set([...holes, ...(grid?.statesOf("goal") ?? [])]);
  const choicesOf = (cell: Label) =>
    ends.has(Number(cell))
      ? []
      : mdp.feasibleActions(cell).map((action) => ({
          action,
          branches: mdp.branches(cell, action).map(({ next, probability, reward }) => [next, probability, reward] as const),
        }));
  return fromSuccessors<Label, Label>(mdp.states.at(0), choicesOf, { discount: 1 });
}

async function measure<S, A>(name: string, mdp: Mdp<S, A>, harmful: (state: S) => boolean, limit: number, steps: number): Promise<void> {
  const start = mdp.states.at(mdp.initial?.state[0] ?? 0);
  const best = await solve(mdp, { epsilon: EPSILON });
  const constrained = await constrainedOptimum(mdp, harmful, limit);
  const ways = { evenly: undefined, "towards the optimum": best.policy, "towards the constrained optimum": constrained.policy };
  for (const [way, towards] of Object.entries(ways)) {
    if (way !== "evenly" && towards === undefined) continue;
    const shield = await riskShield(mdp, { harmful, limit, steps, towards });
    const guarded = await guardedProcess(shield);
    const worst = await worstHarm(guarded);
    const left = await solve(guarded.mdp, { epsilon: EPSILON });
    const own = left.value.at(guarded.mdp.states.at(guarded.start.state[0] ?? 0));
    const cells = [
      name,
      short(limit),
      way,
      short(best.value.at(start)),
      short(constrained.upper),
      short(own),
      short(worst.lower),
      String(guarded.mdp.stateCount),
    ];
    console.log(cells.join(" | "));
    rows.push({ cells });
  }
  write();
}

/** An upper bound on the constrained optimum from the start, and the best deterministic policy met that keeps to the limit. */
async function constrainedOptimum<S, A>(
  mdp: Mdp<S, A>,
  harmful: (state: S) => boolean,
  limit: number,
): Promise<{ readonly upper: number; readonly policy: Policy<S, A> | undefined }> {
  const start = mdp.states.at(mdp.initial?.state[0] ?? 0);
  const risk = harmModel(mdp, harmful);
  let [low, high] = [0, 1000];
  let upper = Number.POSITIVE_INFINITY;
  let lower = Number.NEGATIVE_INFINITY;
  let policy: Policy<S, A> | undefined;
  for (let i = 0; i <= PRICES; i++) {
    // The first price is 0: the optimum itself may keep to the limit.
    const price = i === 0 ? 0 : 0.5 * (low + high);
    const priced = withReward(
      mdp,
      mdp.storage.reward.map((r, c) => r - price * (risk.storage.reward[c] ?? Number.NaN)),
    );
    const solved = await solve(priced, { epsilon: EPSILON });
    upper = Math.min(upper, solved.bounds.upper.at(start) + price * limit);
    const harm = (await evaluatePolicy(risk, solved.policy, { epsilon: 1e-10 })).bounds.upper.at(start);
    if (harm > limit) {
      low = price;
      continue;
    }
    high = price;
    const value = (await evaluatePolicy(mdp, solved.policy, { epsilon: EPSILON })).bounds.lower.at(start);
    if (value > lower) [lower, policy] = [value, solved.policy];
    if (i === 0) break;
  }
  return { upper, policy };
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)));
}

/** Puts the table between its marks. */
function write(): void {
  const path = join(ROOT, "docs/shield.md");
  const head = [
    "model",
    "δ",
    "slack shared",
    "optimum",
    "constrained optimum, at most",
    "best behind the shield",
    "worst harm behind it",
    "states with budgets",
  ];
  const table = [head, head.map(() => "---"), ...rows.map(({ cells }) => cells)].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const words = `Made ${new Date().toISOString().slice(0, 10)} by \`scripts/measure-shield.ts\` on ${cpus()[0]?.model ?? "an unknown processor"}, Node ${process.versions.node}.`;
  const text = readFileSync(path, "utf8").replace(/<!-- measured -->[\s\S]*<!-- end -->/, `<!-- measured -->\n${words}\n\n${table}\n<!-- end -->`);
  writeFileSync(path, text);
}
