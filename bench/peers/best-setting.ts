// The best setting of a peer for a problem: of its methods, each at the loosest tolerance that reaches the true error asked for, the fastest.
import { runChild } from "./child.ts";
import { peerCommand } from "./environment.ts";
import { keepSetting, keptSetting } from "./settings.ts";

export interface Attempt {
  readonly method: string;
  readonly outcome: "reached" | "does not reach" | "over" | "slower" | "failed";
  readonly tolerance?: number;
  readonly seconds?: number;
  readonly error?: number;
  readonly note?: string;
}

export interface Setting {
  readonly version: string;
  readonly limit: number;
  readonly best: Attempt | undefined;
  readonly tried: readonly Attempt[];
}

export interface Search {
  readonly python: string;
  readonly peer: string;
  readonly version: string;
  readonly problem: string;
  readonly folder: string;
  readonly limit: number;
  readonly buildLimit: number;
  /** Search again, though a setting is known from before. */
  readonly anew: boolean;
}

/** Kept in bench/results: a search takes minutes, and what is best changes little from machine to machine. */
export async function bestSetting(search: Search): Promise<Setting> {
  const known = keptSetting(search.problem, search.peer);
  if (!search.anew && known?.version === search.version && (known.best !== undefined || known.limit >= search.limit)) return known;
  const listed = await runChild(peerCommand(search.python, search.peer, "--methods"), () => 60);
  const methods = listed.lines[0]?.methods;
  if (!Array.isArray(methods)) {
    console.error(`  ${search.peer} cannot be run: ${lastLine(listed.complaint)}`);
    return {
      version: search.version,
      limit: search.limit,
      best: undefined,
      tried: [{ method: "import", outcome: "failed", note: lastLine(listed.complaint) }],
    };
  }
  const setting = await seek(search, methods);
  keepSetting(search.problem, search.peer, setting);
  return setting;
}

async function seek(search: Search, methods: readonly string[]): Promise<Setting> {
  const { peer, version, limit } = search;
  const tried: Attempt[] = [];
  let best: Attempt | undefined;
  for (const method of methods) {
    const attempt = await attemptMethod(search, method, best?.seconds);
    console.log(
      `  ${peer}, ${method}: ${attempt.outcome}${attempt.seconds === undefined ? "" : ` ${attempt.seconds.toFixed(4)} s at ${attempt.tolerance}`} ${attempt.note ?? ""}`,
    );
    tried.push(attempt);
    if (attempt.outcome === "reached" && (attempt.seconds ?? Infinity) < (best?.seconds ?? Infinity)) best = attempt;
  }
  return { version, limit, best, tried };
}

/** A method that is clearly slower than the best so far is given up: it could not become the one reported. */
async function attemptMethod(search: Search, method: string, toBeat: number | undefined): Promise<Attempt> {
  const limit = toBeat === undefined ? search.limit : Math.min(search.limit, Math.max(1, 2 * toBeat));
  const command = peerCommand(search.python, search.peer, search.folder, "-", JSON.stringify({ method, bounds: search.folder }));
  const { lines, end, complaint } = await runChild(command, (last) => (last?.ready === true ? limit + 1 : search.buildLimit));
  const attempts = lines
    .filter((line) => line.reached !== undefined)
    .map((line): Attempt => {
      const reached = line.reached === true;
      return {
        method,
        outcome: reached ? "reached" : "does not reach",
        tolerance: Number(line.tolerance),
        seconds: Number(line.seconds),
        error: Number(line.error),
      };
    });
  const reached = attempts.filter((a) => a.outcome === "reached").sort((a, b) => (b.tolerance ?? 0) - (a.tolerance ?? 0))[0];
  if (reached !== undefined) return reached;
  if (end === "over")
    return lines.at(-1)?.ready !== true
      ? { method, outcome: "over", note: `building took over ${search.buildLimit} s` }
      : { method, outcome: toBeat === undefined ? "over" : "slower" };
  if (end === "failed") return { method, outcome: "failed", note: lastLine(complaint) };
  const last = attempts.at(-1);
  return {
    method,
    outcome: "does not reach",
    ...(last?.error === undefined ? {} : { error: last.error, note: `true error ${last.error.toExponential(1)} at ${last.tolerance}` }),
  };
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
