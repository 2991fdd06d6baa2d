// Checks the package as it would be published: packs it, lints the tarball, installs it in a fresh project and uses every entry point there.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { runCheck } from "./run-check.ts";
import { runCommand } from "./run-command.ts";
import { ROOT } from "./source-files.ts";

interface Manifest {
  readonly name: string;
  readonly type?: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** `mdpkit`, `mdpkit/mdp`, ...: what a user can import. */
const entryPoints = Object.keys(manifest.exports)
  .filter((path) => path !== "./package.json")
  .map((path) => manifest.name + path.slice(1));

/** A name for the nth entry point in generated code. */
const alias = (n: number) => `entry${n}`;

function checkLockFile(): void {
  const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  if (/"resolved"\s*:|https?:\/\/[^"]*\.tgz/.test(lock)) throw new Error("package-lock.json names a host: install with npm's omit-lockfile-registry-resolved");
}

function pack(folder: string): string {
  if (!existsSync(join(ROOT, "dist/index.js"))) throw new Error("dist/index.js is missing: run npm run build first");
  runCommand("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack wrote no tarball");
  return join(folder, tarball);
}

/** Only what a user needs is in it, and what a user needs is. */
function checkContents(tarball: string): void {
  const files = runCommand("tar", ["-tzf", tarball], { cwd: ROOT }).trim().split("\n");
  for (const needed of [
    "package/LICENSE",
    "package/README.md",
    "package/CHANGELOG.md",
    "package/bin/mdpkit.js",
    "package/dist/index.js",
    "package/dist/index.d.ts",
  ]) {
    if (!files.includes(needed)) throw new Error(`the tarball lacks ${needed}`);
  }
  const stray = files.filter((file) => /^package\/(?:src|test|scripts|bench|examples)\/|\.test\.|\.env/.test(file));
  if (stray.length > 0) throw new Error(`the tarball holds ${stray.join(", ")}`);
  console.log(`contents: ${files.length} files`);
}

async function lint(tarball: string): Promise<void> {
  const bytes = readFileSync(tarball);
  const tarballData = new Uint8Array(bytes).buffer;
  const { messages, pkg } = await publint({ pack: { tarball: tarballData }, strict: true });
  for (const message of messages) console.error(`publint ${message.type}: ${formatMessage(message, pkg, { color: false })}`);
  if (messages.length > 0) throw new Error(`publint has ${messages.length} messages`);
  console.log("publint: no messages");
}

function install(project: string, tarball: string): void {
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  runCommand("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], { cwd: project });
}

/** Every entry point loads under Node and exports something. */
function checkAtRunTime(project: string): void {
  const lines = entryPoints.map((path, n) => `import * as ${alias(n)} from ${JSON.stringify(path)};`);
  const checks = entryPoints.map((path, n) => `if (Object.keys(${alias(n)}).length === 0) throw new Error(${JSON.stringify(`${path} exports nothing`)});`);
  writeFileSync(join(project, "run.js"), [...lines, ...checks, ""].join("\n"));
  runCommand("node", ["run.js"], { cwd: project });
  console.log(`run time: ${entryPoints.length} entry points load`);
}

/** Every entry point has types, under both resolutions users have; the libraries' own declarations are checked too. */
function checkTypes(project: string): void {
  const lines = entryPoints.map((path, n) => `import * as ${alias(n)} from ${JSON.stringify(path)};`);
  const uses = entryPoints.map((_, n) => `export const names${n}: string[] = Object.keys(${alias(n)});`);
  const robot = [
    'import { defineMdp } from "mdpkit";',
    'export const walk = defineMdp({ states: ["left", "right"], actions: ["go"], transition: () => "right", reward: () => 1, discount: 0.5 });',
    'export const value: "left" | "right" = walk.states.at(0);',
    "// @ts-expect-error no such state",
    'walk.isTerminal("middle");',
  ];
  writeFileSync(join(project, "consumer.ts"), [...robot, ...lines, ...uses, ""].join("\n"));
  for (const [resolution, module] of [
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ]) {
    const config = {
      compilerOptions: {
        module,
        moduleResolution: resolution,
        target: "es2023",
        lib: ["es2023", "dom", "dom.iterable"],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
        types: ["node"],
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      files: ["consumer.ts"],
    };
    writeFileSync(join(project, `tsconfig.${resolution}.json`), JSON.stringify(config));
    runCommand(join(ROOT, "node_modules/.bin/tsc"), ["-p", `tsconfig.${resolution}.json`], { cwd: project });
    console.log(`types: ${entryPoints.length} entry points, moduleResolution ${resolution}`);
  }
}

/** The installed command runs from its own package, far from this repository. */
function checkCommand(project: string): void {
  const help = runCommand("npx", ["--no-install", "mdpkit", "--help"], { cwd: project });
  if (!/usage: mdpkit/i.test(help)) throw new Error(`mdpkit --help does not say how to use it:\n${help}`);
  const solved: { status: string; value: number[] } = JSON.parse(
    runCommand("npx", ["--no-install", "mdpkit", "solve", "recycling-robot", "--json"], { cwd: project }),
  );
  if (solved.status !== "converged" || !(Math.abs((solved.value[0] ?? Number.NaN) - 2500 / 59) < 1e-6))
    throw new Error(`mdpkit solve recycling-robot answered ${JSON.stringify(solved)}`);
  console.log("command: mdpkit --help and mdpkit solve work");
}

async function checkPackage(folder: string): Promise<void> {
  checkLockFile();
  const tarball = pack(folder);
  checkContents(tarball);
  await lint(tarball);
  const project = join(folder, "consumer");
  install(project, tarball);
  checkAtRunTime(project);
  checkTypes(project);
  checkCommand(project);
}

const folder = mkdtempSync(join(tmpdir(), "mdpkit-package-"));
await runCheck(() => checkPackage(folder));
rmSync(folder, { recursive: true, force: true });
