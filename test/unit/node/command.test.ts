// The command as a process: exit codes, interruption, broken pipes, standard input, what it says where it cannot run.
import { spawn } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { ensureBuilt } from "./built.ts";
import { BIN, spawnMdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  await ensureBuilt();
  folder = await temporaryFolder();
}, 120_000);
afterAll(() => folder.remove());

const SLOW: readonly string[] = ["solve", "random-walk:20001", "--discount", "0.9999999", "--method", "value-iteration", "--json"];

test("--version and --help go to standard output", async () => {
  expect(await spawnMdpkit(["--version"]).done).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  const help = await spawnMdpkit(["solve", "--help"]).done;
  expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/Usage: mdpkit solve [\s\S]*--epsilon[\s\S]*Examples:\n {2}\$ mdpkit solve maze/);
});

test("every command has a help with examples", async () => {
  const list = (await spawnMdpkit(["--help"]).done).stdout;
  for (const name of ["demo", "solve", "learn", "prior", "compare", "agent", "verify", "info", "check", "convert", "doctor"]) {
    expect(list).toMatch(new RegExp(`^  ${name} `, "m"));
    const { code, stdout } = await spawnMdpkit([name, "--help"]).done;
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}\$ mdpkit /);
  }
}, 60_000);

test("exit codes: 0, 1, 2, 3", async () => {
  expect((await spawnMdpkit(["solve", "maze", "--json"]).done).code).toBe(0);
  expect((await spawnMdpkit(["solve", "taxi", "--method", "value-iteration", "--max-sweeps", "1", "--json"]).done).code).toBe(1);
  expect((await spawnMdpkit(["solve", "maze", "--epsilon", "x"]).done).code).toBe(2);
  expect((await spawnMdpkit(["solve", "missing.json"]).done).code).toBe(3);
});

test("SIGINT: the result so far, exit code 130", async () => {
  const child = spawnMdpkit(SLOW);
  setTimeout(() => child.kill("SIGINT"), 4000);
  const { code, stdout, stderr } = await child.done;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).status).toBe("aborted");
  expect(stderr).toMatch(/^solve stopped with status aborted/);
});

test("a reader that goes away is no error", async () => {
  const child = spawn(process.execPath, [BIN, "solve", "random-walk:100001", "--discount", "0.5", "--json"]);
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((done) => child.on("close", done));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("a model on standard input, a long result in pieces", async () => {
  const model = JSON.stringify({
    format: "mdpkit",
    version: 1,
    discount: 0.5,
    states: 3,
    actions: 1,
    transitions: [0, 1, 2].map((s) => [s, 0, (s + 1) % 3, 1, s]),
  });
  const { code, stdout } = await spawnMdpkit(["solve", "-", "--json"], { input: model }).done;
  expect(code).toBe(0);
  expect(JSON.parse(stdout).policy).toEqual([0, 0, 0]);
  const long = await spawnMdpkit(["solve", "random-walk:100001", "--discount", "0.5", "--json"]).done;
  expect(JSON.parse(long.stdout).value).toHaveLength(100_003);
});

test("without a build it says how to get one", async () => {
  await mkdir(folder.at("bin"));
  await copyFile(BIN, folder.at("bin/mdpkit.mjs"));
  const child = spawn(process.execPath, [folder.at("bin/mdpkit.mjs"), "--version"]);
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  const code = await new Promise((done) => child.on("close", done));
  expect(code).toBe(3);
  expect(stderr).toBe("mdpkit is not built: dist/node/cli.js is missing. Hint: run `npm ci` (or `npm run build`) in the checkout first.\n");
});
