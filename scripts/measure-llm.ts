// Measures what docs/llm-prior.md says of providers and of a real model, and writes it:
// `npx tsx scripts/measure-llm.ts SECTION... [URL]`, with sections `providers` (needs the server of scripts/start-llm-server.sh at URL), `knowledge` (needs only
// the recordings of bench/recordings), `describers` (needs the model file) and `render` (needs nothing). Figures stand in bench/results/llm-prior.json.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { machine } from "../bench/machine.ts";
import { measureDescribers, measureKnowledge } from "./measure-llm-knowledge.ts";
import { measureProviders } from "./measure-llm-providers.ts";
import { type Measured, render } from "./render-llm-document.ts";
import { ROOT } from "./source-files.ts";

const RESULTS = join(ROOT, "bench/results/llm-prior.json");
const DOCUMENT = join(ROOT, "docs/llm-prior.md");

const sections = process.argv.slice(2);
const url = sections.find((word) => word.startsWith("http"));

if (sections.includes("providers")) {
  if (url === undefined) throw new Error("providers needs the address of a server");
  keep({ providers: { when: stamp(), ...(await measureProviders(url)) } });
}
if (sections.includes("knowledge")) keep({ knowledge: { when: stamp(), ...(await measureKnowledge()) } });
if (sections.includes("describers")) await measureDescribers((describers) => keep({ describers: { when: stamp(), ...describers } }));
writeFileSync(DOCUMENT, render(readFileSync(DOCUMENT, "utf8"), results()));
console.log("wrote docs/llm-prior.md");

/** Each section is kept as soon as it is measured. */
function keep(section: Partial<Measured>): void {
  writeFileSync(RESULTS, `${JSON.stringify({ ...results(), ...section }, undefined, 2)}\n`);
}

function results(): Measured {
  return existsSync(RESULTS) ? (JSON.parse(readFileSync(RESULTS, "utf8")) as Measured) : {};
}

/** Where and when, and how busy the machine was with other things. */
function stamp(): string {
  const { cpu, cores, node, date } = machine();
  return `${cpu}, ${cores} cores (load average ${loadavg()[0]?.toFixed(0) ?? "unknown"}), Node ${node}, ${date} UTC`;
}
