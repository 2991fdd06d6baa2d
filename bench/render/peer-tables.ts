// The tables of mdpkit against its peers.
import type { PartyResult, ProblemResult } from "../peers/results.ts";
import { geometricMean, machineLine, mb, seconds, small, table } from "./figures.ts";

export function peerTables(results: readonly ProblemResult[]): string[] {
  if (results.length === 0) return ["## Against peers", "", "Not measured yet.", ""];
  const parties = [...new Set(results.flatMap((r) => r.parties.map((p) => p.party)))];
  return [
    "## Against peers",
    "",
    ...preface(results),
    ...verdict(results),
    ...timeTable(results, parties),
    ...claims(results),
    ...memoryTable(results, parties),
    ...settings(results),
  ];
}

function preface(results: readonly ProblemResult[]): string[] {
  const versions = new Map(results.flatMap((r) => r.parties.map((p) => [p.party, p.version])));
  const limits = [...new Set(results.map((r) => r.limit))].join(" or ");
  return [
    `${machineLine(results.map((r) => r.machine))} Peers: ${[...versions].flatMap(([party, version]) => (version === "" ? [] : [`${party} ${version}`])).join(", ")}.`,
    "",
    "All parties read the same files and take turns, each in a fresh process, for several rounds; a figure is the median. A solve is everything from the model in the",
    "party's own form to its answer: for mdpkit the kernel's copy, threads and the certificate too. For a peer it is the fastest of its methods, each at the loosest",
    "tolerance (in half decades) at which its true error is at most 1e-6; compiled parts are warm. The true error is the largest distance to the certified bounds of a",
    `tighter solve, itself checked in extended precision by a program of its own. A solve that takes over ${limits} s is not waited for.`,
    "",
  ];
}

function verdict(results: readonly ProblemResult[]): string[] {
  const compared = results.flatMap((r) => {
    const ratio = ratioOf(r);
    return ratio === undefined ? [] : [{ name: r.problem.name, ratio }];
  });
  const alone = results.filter((r) => partyOf(r, "mdpkit")?.outcome === "reached" && bestPeer(r) === undefined).map((r) => r.problem.name);
  const missed = results.filter((r) => partyOf(r, "mdpkit")?.outcome !== "reached").map((r) => r.problem.name);
  const lost = compared.filter(({ ratio }) => ratio < 1);
  return [
    `- Faster than the best peer on ${compared.length - lost.length} of ${compared.length} problems; geometric mean of the ratios ${compared.length === 0 ? "none" : geometricMean(compared.map((c) => c.ratio)).toFixed(2)}.`,
    `- Slower than the best peer on: ${lost.length === 0 ? "none" : lost.map((c) => `${c.name} (${c.ratio.toFixed(2)})`).join(", ")}.`,
    `- No peer got there within the limit on: ${alone.length === 0 ? "none" : alone.join(", ")}.`,
    `- mdpkit did not get there on: ${missed.length === 0 ? "none" : missed.join(", ")}.`,
    "",
  ];
}

function timeTable(results: readonly ProblemResult[], parties: readonly string[]): string[] {
  const rows = results.map((r) => {
    const own = partyOf(r, "mdpkit");
    return [r.problem.name, ...parties.map((p) => cell(r, partyOf(r, p))), seconds(own?.firstSeconds), ratioText(r)];
  });
  return ["### Seconds to a true error of 1e-6", "", table(["problem", ...parties, "mdpkit, cold process", "best peer / mdpkit"], rows), ""];
}

/** What mdpkit proves, and what the independent check finds. */
function claims(results: readonly ProblemResult[]): string[] {
  const rows = results.map((r) => {
    const own = partyOf(r, "mdpkit");
    const { states, choices, branches } = r.problem;
    const count = (n: number): string => n.toLocaleString("en");
    return [
      r.problem.name,
      r.problem.about,
      count(states),
      count(choices),
      count(branches),
      own?.method ?? "",
      own?.status ?? "",
      small(own?.claimedError),
      small(own?.trueError),
      small(own?.residual),
    ];
  });
  const header = [
    "problem",
    "what",
    "states",
    "choices",
    "branches",
    "mdpkit's method",
    "status",
    "certified error",
    "true error at most",
    "residual, checked",
  ];
  return ["### The problems, and mdpkit's certificates", "", table(header, rows), ""];
}

function memoryTable(results: readonly ProblemResult[], parties: readonly string[]): string[] {
  const rows = results.map((r) => {
    const { states, actions, branches } = r.problem;
    const csr = (4 * (states * actions + 1) + 12 * branches + 8 * states * actions) / 2 ** 20;
    const own = partyOf(r, "mdpkit");
    // Below that, what a process takes for itself says more than its model does.
    const measurable = csr >= 50 && own?.peakMb !== undefined && own.baseMb !== undefined;
    const share = measurable ? ((own.peakMb - own.baseMb) / csr).toFixed(2) : "";
    return [r.problem.name, mb(csr), share, ...parties.map((party) => memoryCell(partyOf(r, party)))];
  });
  return [
    "### Building the model, and memory",
    "",
    "Seconds from the arrays to the party's own form, reading the files apart; the most MB the process held over all of its solves, in brackets before it took the model.",
    "mdpkit reads the files in pieces; a party that reads with numpy holds the files' arrays besides.",
    "",
    table(["problem", "CSR arrays, MB", "mdpkit's growth / CSR", ...parties], rows),
    "",
  ];
}

function memoryCell(found: PartyResult | undefined): string {
  return found?.peakMb === undefined ? "" : `${seconds(found.buildSeconds)} s, ${mb(found.peakMb)} (${mb(found.baseMb)})`;
}

function settings(results: readonly ProblemResult[]): string[] {
  const rows = results.flatMap((r) =>
    r.parties
      .filter((p) => p.party !== "mdpkit")
      .map((p) => [
        r.problem.name,
        p.party,
        p.outcome === "reached" ? `${p.method ?? ""} at ${p.tolerance?.toPrecision(2)}` : p.outcome,
        small(p.trueError),
        triedText(p),
      ]),
  );
  return ["### Peers' settings", "", table(["problem", "peer", "fastest setting", "true error at most", "its other methods"], rows), ""];
}

function triedText({ tried = [], method, note }: PartyResult): string {
  const others = tried
    .filter((attempt) => attempt.method !== method)
    .map((a) => `${a.method}: ${a.seconds === undefined ? a.outcome : `${seconds(a.seconds)} s`}`);
  return [...others, ...(note === undefined ? [] : [note])].join("; ").replaceAll("|", "/");
}

function partyOf(result: ProblemResult, party: string): PartyResult | undefined {
  return result.parties.find((p) => p.party === party);
}

function bestPeer(result: ProblemResult): PartyResult | undefined {
  return result.parties.filter((p) => p.party !== "mdpkit" && p.outcome === "reached").sort((a, b) => (a.seconds ?? 0) - (b.seconds ?? 0))[0];
}

/** How many times longer the best peer takes. */
function ratioOf(result: ProblemResult): number | undefined {
  const own = partyOf(result, "mdpkit");
  const peer = bestPeer(result);
  return own?.outcome === "reached" && own.seconds !== undefined && peer?.seconds !== undefined ? peer.seconds / own.seconds : undefined;
}

function ratioText(result: ProblemResult): string {
  const ratio = ratioOf(result);
  return ratio === undefined ? "" : `${ratio.toFixed(2)} (${bestPeer(result)?.party})`;
}

function cell(result: ProblemResult, party: PartyResult | undefined): string {
  if (party === undefined) return "";
  if (party.outcome === "over") return `over ${result.limit}`;
  return party.outcome === "reached" ? seconds(party.seconds) : party.outcome;
}
