// Who imports whom in src/: the statements, their targets, and the cycles among them. Type imports count as imports.
import { posix } from "node:path";
import { blankOut, lineAt } from "./blank-out.ts";

export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  readonly line: number;
  /** As written: `../mdp/index.ts`, `node:fs`, `mathjs`. */
  readonly specifier: string;
  /** The imported file relative to the root, where the specifier is relative. */
  readonly to: string | undefined;
}

/** `import ... from "x"`, `export ... from "x"`, `import "x"`, `import("x")`. */
const STATEMENTS = [
  /\b(?:import|export)\b(?:\s+type\b)?\s*(?:[\w$]+\s*,?\s*)?(?:\{[^}]*\}|\*(?:\s*as\s+[\w$]+)?)?\s*from\s*(?:" *"|' *')/g,
  /\bimport\s*\(?\s*(?:" *"|' *')/g,
];

/** The imports of one file. */
export function importsOf(file: string, source: string): Import[] {
  // Strings are blanked, so that none is taken for a statement; the specifier is then read from the source itself.
  const code = blankOut(source, ["code"]);
  const imports: Import[] = [];
  for (const pattern of STATEMENTS) {
    for (const match of code.matchAll(pattern)) {
      const end = match.index + match[0].length - 1;
      const specifier = source.slice(source.lastIndexOf(source[end] as string, end - 1) + 1, end);
      const to = specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : undefined;
      imports.push({ from: file, line: lineAt(source, match.index), specifier, to });
    }
  }
  return imports.sort((a, b) => a.line - b.line);
}

/** Every elementary cycle found by one depth-first walk, each once, as the list of its nodes. Empty where the graph has none. */
export function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string) => {
    const at = path.indexOf(node);
    if (at >= 0) {
      cycles.push(path.slice(at));
      return;
    }
    if (done.has(node)) return;
    path.push(node);
    for (const next of edges.get(node) ?? []) visit(next);
    path.pop();
    done.add(node);
  };
  for (const node of edges.keys()) visit(node);
  return cycles;
}

/** Adds an edge to a graph held as a map of sets. */
export function addEdge(edges: Map<string, Set<string>>, from: string, to: string): void {
  const targets = edges.get(from);
  if (targets === undefined) edges.set(from, new Set([to]));
  else targets.add(to);
}
