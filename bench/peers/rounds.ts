// The rounds: all parties in turn, each in a fresh process, again and again; then the independent check of each one's last answer.
import { join } from "node:path";
import { median } from "../median.ts";
import { lastLine, type Setting } from "./best-setting.ts";
import { runChild } from "./child.ts";
import { checkCommand, mdpkitCommand, peerCommand } from "./environment.ts";
import type { PartyResult } from "./results.ts";

export interface Entry {
  readonly party: string;
  readonly version: string;
  /** Of a peer; mdpkit takes its own default. */
  readonly setting: Setting | undefined;
}

export interface RoundOptions {
  readonly python: string;
  readonly folder: string;
  readonly work: string;
  readonly rounds: number;
  readonly limit: number;
  readonly buildLimit: number;
  readonly solve: Readonly<Record<string, unknown>>;
}

export async function runRounds(entries: readonly Entry[], options: RoundOptions): Promise<PartyResult[]> {
  const found = new Map<string, Record<string, unknown>[]>();
  const failed = new Map<string, PartyResult>();
  for (const entry of entries) {
    const missing = unsolved(entry);
    if (missing !== undefined) failed.set(entry.party, missing);
    found.set(entry.party, []);
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const entry of entries) {
      if (failed.has(entry.party)) continue;
      // mdpkit prints nothing before its end.
      const whole = 3 * options.limit + options.buildLimit;
      const { lines, end, complaint } = await runChild(commandOf(entry, options), (line) =>
        entry.setting === undefined ? whole : line?.ready === true ? options.limit + 1 : options.buildLimit,
      );
      const last = lines.at(-1);
      if (end !== "ok" || last === undefined || !(Number(last.seconds) <= options.limit)) {
        const outcome = end === "failed" ? "failed" : "over";
        failed.set(entry.party, { party: entry.party, version: entry.version, outcome, ...(end === "failed" ? { note: lastLine(complaint) } : {}) });
        continue;
      }
      found.get(entry.party)?.push(last);
      console.log(`  round ${round}: ${entry.party} ${Number(last.seconds).toFixed(5)} s (first ${Number(last.firstSeconds).toFixed(4)} s)`);
    }
  }
  const results: PartyResult[] = [];
  for (const entry of entries) results.push(failed.get(entry.party) ?? (await summary(entry, found.get(entry.party) ?? [], options)));
  return results;
}

function commandOf({ party, setting }: Entry, { python, folder, work, solve }: RoundOptions): string[] {
  const values = join(work, `${party}.npy`);
  if (setting === undefined) return mdpkitCommand(folder, values, JSON.stringify(solve));
  return peerCommand(python, party, folder, values, JSON.stringify({ method: setting.best?.method, tolerance: setting.best?.tolerance }));
}

/** What to report of a peer none of whose methods came to the goal. */
function unsolved({ party, version, setting }: Entry): PartyResult | undefined {
  if (setting === undefined || setting.best !== undefined) return undefined;
  const { tried } = setting;
  const outcomes = tried.map(({ outcome }) => outcome);
  const outcome = outcomes.every((o) => o === "failed") ? "failed" : outcomes.some((o) => o === "over" || o === "slower") ? "over" : "does not reach";
  const note = tried.find((attempt) => attempt.outcome === outcome && attempt.note !== undefined)?.note;
  return { party, version, outcome, ...(note === undefined ? {} : { note }), tried };
}

async function summary(
  { party, version, setting }: Entry,
  runs: readonly Record<string, unknown>[],
  { python, folder, work }: RoundOptions,
): Promise<PartyResult> {
  const check = await runChild(checkCommand(python, folder, join(work, `${party}.npy`), folder), () => 1800);
  const { trueError, residual } = check.lines[0] ?? {};
  const all = (name: string): number[] => runs.map((run) => Number(run[name]));
  const last = runs.at(-1) ?? {};
  const result: PartyResult = {
    party,
    version,
    outcome: Number(trueError) <= 1e-6 ? "reached" : "does not reach",
    method: String(last.method),
    seconds: median(all("seconds")),
    firstSeconds: median(all("firstSeconds")),
    rounds: all("seconds"),
    buildSeconds: median(all("buildSeconds")),
    peakMb: Math.max(...all("peakMb")),
    baseMb: median(all("baseMb")),
    trueError: Number(trueError),
    residual: Number(residual),
  };
  if (setting === undefined) return { ...result, claimedError: Number(last.claimedError), status: String(last.status) };
  return { ...result, tried: setting.tried, ...(setting.best?.tolerance === undefined ? {} : { tolerance: setting.best.tolerance }) };
}
