// The type tests of this folder, compiled: a label that compiles though misspelt, or a type inferred wrongly, fails here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const folder = mkdtempSync(join(root, ".check-types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of some files under the project's options. */
function compile(files: readonly string[]): string {
  const config = { extends: "../tsconfig.json", compilerOptions: { rootDir: ".." }, include: [], files: files.map((file) => relative(folder, file)) };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const result = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"], {
    cwd: root,
    encoding: "utf8",
  });
  return result.stdout + result.stderr;
}

test("hold", { timeout: 120_000 }, () => {
  const files = readdirSync(here).filter((name) => name.endsWith(".types.ts"));
  expect(files).not.toHaveLength(0);
  expect(compile(files.map((name) => join(here, name)))).toBe("");
});

test("are really compiled: a misspelt label is an error", { timeout: 120_000 }, () => {
  const wrong = join(folder, "wrong.ts");
  writeFileSync(
    wrong,
    'import { defineMdp } from "../src/mdp/index.ts";\ndefineMdp({ states: ["a"], actions: ["go"], transition: () => "b", reward: () => 0 });\n',
  );
  expect(compile([wrong])).toMatch(/wrong\.ts\(2,\d+\): error TS\d+: .*"b"/);
});
