// Checks what the linter cannot say: where `!` may stand, no suppressions, what each file begins with, what files are called.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { blankOut, lineAt } from "./blank-out.ts";
import { ROOT, sourceFiles } from "./source-files.ts";

const FOLDERS = ["src", "bin", "scripts", "bench", "examples", "test"];

/** A `!` that tells the compiler a value is there. Only reads by index (`x[i]!`) may carry it: typed arrays have no holes. In tests a wrong one fails the test. */
const ASSERTION = /[\w$)}"'`>]!(?![=\w])/g;
const SUPPRESSION = /biome-ignore|eslint-disable|@ts-ignore|@ts-nocheck/g;
const EXPECTED_ERROR = /@ts-expect-error/g;

/** One finding a line: `file:line what`. */
function faultsOf(file: string, source: string): string[] {
  const faults: string[] = [];
  const report = (pattern: RegExp, text: string, what: string) => {
    for (const match of text.matchAll(pattern)) faults.push(`${file}:${lineAt(source, match.index)} ${what}`);
  };
  const [first, second] = source.split("\n");
  if (!(first?.startsWith("#!") ? second : first)?.startsWith("// ")) faults.push(`${file}:1 does not begin with a // line saying what the file is for`);
  if (/^(?:utils?|helpers?|misc|common)\./.test(basename(file))) faults.push(`${file}:1 has a name that says nothing: name the one idea in it`);
  if (!file.startsWith("test/")) report(ASSERTION, blankOut(source, ["code"]), "has a ! that is not after ]: test for undefined, or restructure");
  report(SUPPRESSION, blankOut(source, ["comment"]), "suppresses a check");
  if (!file.startsWith("test/types/")) report(EXPECTED_ERROR, blankOut(source, ["comment"]), "expects a type error outside test/types");
  return faults;
}

const files = FOLDERS.flatMap(sourceFiles);
const faults = files.flatMap((file) => faultsOf(file, readFileSync(join(ROOT, file), "utf8")));
for (const line of faults) console.error(line);
console.log(`style: ${files.length} files, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
