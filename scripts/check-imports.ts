// Checks that imports in src/ go one way, that only src/node touches Node, and that nothing imports itself in a circle.
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { addEdge, findCycles, type Import, importsOf } from "./import-graph.ts";
import { ROOT, sourceFiles } from "./source-files.ts";

/** The parts of src/ from the ground up: a part imports parts of lower levels only, or those named beside it. */
const LEVELS: readonly (readonly string[])[] = [
  ["errors"],
  ["numeric", "platform"],
  ["mdp"],
  ["formats", "kernels"],
  ["policies"],
  ["envs"],
  ["solvers"],
  ["llm-prior", "tensor", "deep"],
  ["agent", "report"],
  ["index"],
  ["node"],
];

/** The part a file of src/ belongs to: its folder, or its own name at the top. */
function partOf(file: string): string {
  const [, first = ""] = file.split("/");
  return first.replace(/\.ts$/, "");
}

function levelOf(part: string): number {
  return LEVELS.findIndex((parts) => parts.includes(part));
}

/** What is wrong with one import, or undefined. */
function fault({ from, specifier, to }: Import): string | undefined {
  const part = partOf(from);
  if (levelOf(part) < 0) return `stands in src/${part}, which has no place in the order of parts (scripts/check-imports.ts)`;
  if (specifier === "#platform") return levelOf(part) < levelOf("platform") ? "imports the platform from below it" : undefined;
  if (to === undefined) return isBuiltin(specifier) && part !== "node" ? `imports ${specifier}: only src/node may use Node's modules` : undefined;
  // AssemblyScript, another language, resolves names without an ending.
  if (from.startsWith("src/kernels/wasm/assembly/")) return undefined;
  if (!to.endsWith(".ts")) return `imports ${specifier}: relative imports end in .ts`;
  if (!existsSync(join(ROOT, to))) return `imports ${specifier}, which does not exist`;
  if (!to.startsWith("src/")) return `imports ${specifier}, which is outside src/`;
  const target = partOf(to);
  if (target === part) return undefined;
  if (levelOf(target) < 0) return `imports src/${target}, which has no place in the order of parts`;
  if (levelOf(target) >= levelOf(part)) return `imports ${specifier}: ${part} may not import ${target} (${order()})`;
  return undefined;
}

function order(): string {
  return LEVELS.map((parts) => parts.join(", ")).join(" <- ");
}

const faults: string[] = [];
const files = new Map<string, Set<string>>();
const folders = new Map<string, Set<string>>();
const sources = sourceFiles("src");
let count = 0;
for (const file of sources) {
  for (const found of importsOf(file, readFileSync(join(ROOT, file), "utf8"))) {
    count++;
    const problem = fault(found);
    if (problem !== undefined) faults.push(`${found.from}:${found.line} ${problem}`);
    if (found.to === undefined) continue;
    addEdge(files, found.from, found.to);
    if (partOf(found.from) !== partOf(found.to)) addEdge(folders, partOf(found.from), partOf(found.to));
  }
}
for (const cycle of findCycles(folders)) faults.push(`parts import each other in a circle: ${[...cycle, cycle[0]].join(" -> ")}`);
for (const cycle of findCycles(files)) faults.push(`files import each other in a circle: ${[...cycle, cycle[0]].join(" -> ")}`);

for (const line of faults) console.error(line);
console.log(`imports: ${count} in ${sources.length} files, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
