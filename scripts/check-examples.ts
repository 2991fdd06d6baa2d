// Type-checks and runs every program of examples/. Needs a build: they import the package by its name, as a user does. Folders named parts or models hold what
// programs share: no programs themselves. Nor is the page in examples/browser: the browser tests build and use it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCheck } from "./run-check.ts";
import { runCommand } from "./run-command.ts";
import { ROOT, sourceFiles } from "./source-files.ts";
import { typeCheck } from "./type-check-folder.ts";

const BROWSER = join("examples", "browser", "/");

function checkExamples(configFolder: string, workFolder: string): void {
  const examples = sourceFiles("examples").filter((file) => file.endsWith(".ts") && !file.startsWith(BROWSER));
  if (examples.length === 0) throw new Error("examples/ has no program");
  typeCheck(
    configFolder,
    examples.map((file) => join(ROOT, file)),
  );
  const programs = examples.filter((file) => !/\/(?:parts|models)\//.test(file));
  for (const file of programs) {
    const started = performance.now();
    const output = runCommand(join(ROOT, "node_modules/.bin/tsx"), [join(ROOT, file)], { cwd: workFolder });
    if (output.trim() === "") throw new Error(`${file} printed nothing`);
    console.log(`${file} ran in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  console.log(`examples: ${programs.length} ran`);
}

const configFolder = mkdtempSync(join(ROOT, ".check-examples-"));
const workFolder = mkdtempSync(join(tmpdir(), "mdpkit-examples-"));
await runCheck(() => checkExamples(configFolder, workFolder));
for (const folder of [configFolder, workFolder]) rmSync(folder, { recursive: true, force: true });
