// Type-checking loose programs that import the package by its own name, under the project's options.
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { runCommand } from "./run-command.ts";
import { ROOT } from "./source-files.ts";

/**
 * Checks `files` (absolute paths inside the repository, where `mdpkit` means this package's build) with a configuration written into `folder`.
 *
 * @throws Error with the compiler's messages.
 */
export function typeCheck(folder: string, files: readonly string[]): void {
  const config = {
    extends: relative(folder, join(ROOT, "tsconfig.json")),
    // A snippet may declare what it does not go on to use.
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, rootDir: relative(folder, ROOT) },
    files: files.map((file) => relative(folder, file)),
    include: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  runCommand(join(ROOT, "node_modules/.bin/tsc"), ["-p", join(folder, "tsconfig.json")], { cwd: ROOT });
}
