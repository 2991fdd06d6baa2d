// Runs the README: its ts and js blocks are type-checked and run as programs, its `sh run` and `python run` blocks as scripts. Needs a build.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type CodeBlock, codeBlocks } from "./code-blocks.ts";
import { runCheck } from "./run-check.ts";
import { runCommand } from "./run-command.ts";
import { ROOT } from "./source-files.ts";
import { typeCheck } from "./type-check-folder.ts";

const FILE = "README.md";

/** Marked `no-run`: type-checked only, because it needs a server or a device. */
const isProgram = (block: CodeBlock) => block.language === "ts" || block.language === "js";
const isScript = (block: CodeBlock) => (block.language === "sh" || block.language === "python") && block.flags.includes("run");

/** Runs `work`; an error is told with the block it comes from. */
function inBlock(block: CodeBlock, work: () => void): void {
  try {
    work();
    console.log(`${FILE}:${block.line} ${block.language} ran`);
  } catch (error) {
    throw new Error(`${FILE}:${block.line} ${error instanceof Error ? error.message : error}`);
  }
}

/** Programs stand inside the repository, where Node and TypeScript resolve `mdpkit` to this package itself. */
function runPrograms(blocks: readonly CodeBlock[], workFolder: string): void {
  const folder = mkdtempSync(join(ROOT, ".check-readme-"));
  try {
    const programs = blocks.map((block) => {
      const path = join(folder, `line-${block.line}.${block.language}`);
      // An empty export makes every block a module, so that it may await and its names are its own.
      writeFileSync(path, `${block.code}export {};\n`);
      return { block, path };
    });
    typeCheck(
      folder,
      programs.filter(({ block }) => block.language === "ts").map(({ path }) => path),
    );
    console.log(`${FILE}: ${programs.length} programs type-check`);
    for (const { block, path } of programs) {
      if (block.flags.includes("no-run")) console.log(`${FILE}:${block.line} ${block.language} not run (marked no-run)`);
      else inBlock(block, () => runCommand(join(ROOT, "node_modules/.bin/tsx"), [path], { cwd: workFolder }));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Scripts share one folder, in the order of the text, with `mdpkit` on the path. */
function runScripts(blocks: readonly CodeBlock[], workFolder: string): void {
  const bin = join(workFolder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "mdpkit"), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "bin/mdpkit.js")}" "$@"\n`);
  chmodSync(join(bin, "mdpkit"), 0o755);
  const options = { cwd: workFolder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } };
  for (const block of blocks) {
    if (block.language === "python" && !hasNumpy()) console.log(`${FILE}:${block.line} python not run: this machine has no Python with numpy`);
    else if (block.language === "python") inBlock(block, () => runCommand("python3", ["-c", block.code], options));
    else inBlock(block, () => runCommand("bash", ["-euo", "pipefail", "-c", block.code], options));
  }
}

function hasNumpy(): boolean {
  try {
    runCommand("python3", ["-c", "import numpy"], { cwd: ROOT });
    return true;
  } catch {
    return false;
  }
}

function checkReadme(workFolder: string): void {
  const blocks = codeBlocks(readFileSync(join(ROOT, FILE), "utf8"));
  const programs = blocks.filter(isProgram);
  const scripts = blocks.filter(isScript);
  if (programs.length === 0) throw new Error(`${FILE} has no ts or js block`);
  runPrograms(programs, workFolder);
  runScripts(scripts, workFolder);
  console.log(`readme: ${programs.length} programs and ${scripts.length} scripts hold`);
}

const workFolder = mkdtempSync(join(tmpdir(), "mdpkit-readme-"));
await runCheck(() => checkReadme(workFolder));
rmSync(workFolder, { recursive: true, force: true });
