// The commands that ask a language model, against a server of our own: prior, compare, agent, demo, and the cache of answers.
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeBuiltIn } from "../../../src/envs/index.ts";
import { blockedChoices } from "../../../src/llm-prior/index.ts";
import { type Behaviour, type FakeServer, fakeServer } from "./fake-server.ts";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FakeServer;
beforeEach(async () => {
  folder = await temporaryFolder();
  server = await fakeServer();
});
afterEach(async () => {
  await server.close();
  await folder.remove();
});

async function answered(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await mdpkit(args, { cwd: folder.path, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

describe("prior", () => {
  test("one object, the keys of the contract, rows that sum to 1, null in terminal states", async () => {
    const prior = await answered(["prior", "maze", "--llm", server.url, "--cache", "off", "--json"]);
    expect(Object.keys(prior).slice(0, 6)).toEqual(["actions", "prior", "method", "coverage", "calls", "cached"]);
    expect(prior).toMatchObject({ actions: ["up", "down", "left", "right"], method: "logprobs", calls: server.calls, cached: 0, model: "tiny-model" });
    expect(prior.prior).toHaveLength(16);
    for (const [s, row] of prior.prior.entries()) {
      if ([4, 5, 7, 12, 14, 15].includes(s)) expect(row).toBeNull();
      else expect(row.reduce((sum: number, p: number) => sum + p, 0)).toBeCloseTo(1, 12);
    }
    // Up, down and left are walls at the start: masked to the floor. Not so with --no-mask.
    expect(prior.prior[0][3]).toBeGreaterThan(0.9);
    expect((await answered(["prior", "maze", "--llm", server.url, "--cache", "off", "--json", "--no-mask"])).prior[0][3]).toBeLessThan(0.9);
  });

  test("the same call again makes no calls, also by another process; --cache off asks again", async () => {
    const cache = ["--cache", folder.at("cache")];
    const first = await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"]);
    expect(first.calls).toBeGreaterThan(0);
    const again = await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"]);
    expect(again).toEqual({ ...first, calls: 0, cached: first.calls });
    expect(server.calls).toBe(first.calls);
    expect((await answered(["prior", "maze", "--llm", server.url, "--cache", "off", "--json"])).calls).toBe(first.calls);
    // Another model is another question.
    expect((await answered(["prior", "maze", "--llm", server.url, ...cache, "--json", "--llm-model", "other"])).calls).toBe(first.calls);
    expect(server.models.at(-1)).toBe("other");
  });

  test("the default cache is the user's, and is not needed", async () => {
    await answered(["prior", "maze", "--llm", server.url, "--json"], { XDG_CACHE_HOME: folder.at("xdg") });
    expect(await readdir(folder.at("xdg"))).toEqual(["mdpkit"]);
    expect((await answered(["prior", "maze", "--llm", server.url, "--json"], { XDG_CACHE_HOME: folder.at("xdg") })).calls).toBe(0);
    // A file where the folder should be: it cannot be made. The named one is an error, the default one is done without.
    await writeFile(folder.at("file"), "");
    expect((await answered(["prior", "maze", "--llm", server.url, "--json"], { XDG_CACHE_HOME: folder.at("file") })).calls).toBeGreaterThan(0);
    const named = await mdpkit(["prior", "maze", "--llm", server.url, "--json", "--cache", join(folder.at("file"), "inside")]);
    expect({ code: named.code, stdout: named.stdout }).toEqual({ code: 3, stdout: "" });
    expect(named.stderr).toMatch(/cache folder .* cannot be written.*--cache off/);
  });

  test("damaged answers in the cache are asked for again", async () => {
    const cache = ["--cache", folder.at("cache")];
    const { calls } = await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"]);
    for (const part of await readdir(folder.at("cache"))) {
      for (const file of await readdir(folder.at(join("cache", part)))) await writeFile(folder.at(join("cache", part, file)), '{"key":');
    }
    expect((await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"])).calls).toBe(calls);
  });

  test("an answer in the cache is only given to its own question", async () => {
    const cache = ["--cache", folder.at("cache")];
    await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"]);
    const parts = await readdir(folder.at("cache"));
    const [part = ""] = parts;
    const [file = ""] = await readdir(folder.at(join("cache", part)));
    const stored = JSON.parse(await readFile(folder.at(join("cache", part, file)), "utf8"));
    await writeFile(folder.at(join("cache", part, file)), JSON.stringify({ ...stored, key: "another question" }));
    expect((await answered(["prior", "maze", "--llm", server.url, ...cache, "--json"])).calls).toBe(1);
  });

  test("the key is taken from its own variable and no other", async () => {
    await answered(["prior", "maze", "--llm", server.url, "--cache", "off", "--json"], { OPENAI_API_KEY: "secret" });
    expect(server.authorization.every((key) => key === undefined)).toBe(true);
    await answered(["prior", "maze", "--llm", server.url, "--cache", "off", "--json"], { MDPKIT_API_KEY: "mine" });
    expect(server.authorization.at(-1)).toBe("Bearer mine");
  });

  test("each step from scores to the prior has its switch, and the output says which were on", async () => {
    const ask = ["prior", "maze", "--llm", server.url, "--cache", folder.at("cache"), "--json"];
    const masked = blockedChoices(makeBuiltIn("maze").mdp).filter((flag) => flag === 1).length;
    const usual = await answered(ask);
    expect(usual.processing).toEqual({ lengthNormalised: false, calibration: "contextual", temperature: 1, masked, floor: 0.01 });
    const other = await answered([...ask, "--no-mask", "--no-calibrate", "--temperature", "4", "--floor", "0.2"]);
    expect(other).toMatchObject({ calls: 0, processing: { calibration: "none", temperature: 4, floor: 0.2 } });
    for (const p of other.prior[0]) expect(p).toBeGreaterThan(0.05);
    const { stdout } = await mdpkit(["prior", "maze", "--llm", server.url, "--cache", folder.at("cache")]);
    expect(stdout).toContain(`by logprobs; length normalisation: off, calibration: contextual, temperature: 1, mask: ${masked} blocked choices, floor: 0.01`);
    const bad = await mdpkit(["prior", "maze", "--temperature", "0", "--floor", "1", "--llm", "http://me:secret@127.0.0.1:1", "--retries", "-1"]);
    expect(bad.code).toBe(2);
    expect(bad.stderr).not.toContain("secret");
  });

  test("a file model and a task of one's own", async () => {
    await writeFile(
      folder.at("m.json"),
      '{"format":"mdpkit","version":1,"states":["a","b"],"actions":["up","down"],"terminal":["b"],"transitions":[["a","up","a",1,0],["a","down","b",1,1]]}',
    );
    const prior = await answered(["prior", "m.json", "--llm", server.url, "--cache", "off", "--json", "--task", "Get to b.", "--no-mask"]);
    expect(prior.actions).toEqual(["up", "down"]);
    expect(server.prompts[0]).toMatch(/Get to b\.[\s\S]*state a/);
  });
});

describe("a server that fails", () => {
  test.each<[Behaviour, RegExp]>([
    ["error", /answered 400 "no"/],
    ["not-json", /expected JSON/],
    ["no-models", /lists no model/],
  ])("%s", async (behaviour, message) => {
    const bad = await fakeServer(behaviour);
    for (const command of [["prior", "maze"], ["compare", "maze"], ["agent", "maze"], ["demo"]]) {
      const { code, stdout, stderr } = await mdpkit([...command, "--llm", bad.url, "--cache", "off"], { cwd: folder.path });
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toMatch(message);
      expect(stderr.split("\n")).toHaveLength(2);
    }
    expect(await folder.files()).toEqual([]);
    await bad.close();
  });

  test("no server at all", async () => {
    const gone = await fakeServer();
    await gone.close();
    const { code, stdout, stderr } = await mdpkit(["prior", "maze", "--llm", gone.url, "--cache", "off", "--json"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/could not be reached \(ECONNREFUSED\).*Hint: is the model server running/);
  });

  test("interrupted while it does not answer", async () => {
    const slow = await fakeServer("slow");
    const interrupt = new AbortController();
    const running = mdpkit(["prior", "maze", "--llm", slow.url, "--cache", "off", "--json"], { signal: interrupt.signal });
    setTimeout(() => interrupt.abort(new DOMException("interrupted", "AbortError")), 200);
    expect(await running).toEqual({ code: 130, stdout: "", stderr: "interrupted\n" });
    await slow.close();
  });
});

describe("compare", () => {
  test("one object, the keys of the contract, also for a prior from a file", async () => {
    const live = await answered(["compare", "maze", "--llm", server.url, "--cache", folder.at("cache"), "--json"]);
    expect(Object.keys(live)).toEqual(["agreement", "massOnOptimal", "mutualInformation", "logLoss", "regret"]);
    expect(Object.keys(live.regret)).toEqual(["mean", "max", "perState"]);
    expect(live.regret.perState).toHaveLength(10);
    expect(live.regret.max).toBe(Math.max(...live.regret.perState));
    const { stdout } = await mdpkit(["prior", "maze", "--llm", server.url, "--cache", folder.at("cache"), "--json"]);
    await writeFile(folder.at("prior.json"), stdout);
    expect(await answered(["compare", "maze", "--prior", "prior.json", "--json"])).toEqual(live);
  });

  test("several priors side by side, baselines beside them, and a report that draws it", async () => {
    const { stdout } = await mdpkit(["prior", "maze", "--json"]);
    await writeFile(folder.at("one.json"), stdout);
    const words = ["compare", "maze", "--prior", "one.json", "--prior", "one.json"];
    const { priors, baselines } = await answered([...words, "--baselines", "--json", "--report", folder.at("c.html")]);
    expect(priors.map(({ name }: { name: string }) => name)).toEqual(["SmolLM2-135M-Instruct.Q4_1", "SmolLM2-135M-Instruct.Q4_1 (2)"]);
    expect(priors[0]).toMatchObject({ agreement: 0.8, calibration: { bins: expect.any(Array) }, worst: [{ state: 9, favourite: "down" }, { state: 2 }] });
    expect(priors[0].regret).toEqual(priors[1].regret);
    expect(baselines.map(({ name }: { name: string }) => name)).toEqual(["uniform", "feasible only", "heuristic", "shuffled", "harmful"]);
    expect(baselines[3]).toMatchObject({ draws: 20 });
    const html = await readFile(folder.at("c.html"), "utf8");
    for (const shown of ["How sure, and how often right", "Where it errs most", "state by state", "shuffled", "recording of SmolLM2"])
      expect(html).toContain(shown);
    const text = await mdpkit(words, { cwd: folder.path });
    expect(text.stdout).toMatch(/harmful: the worst action everywhere/);
    const refused = await mdpkit(["compare", "maze", "--prior", "one.json", "--baselines"], { cwd: folder.path });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
  });

  test("the optimal policy as a prior: full agreement, no regret", async () => {
    const rows = [3, 3, 1, 2, null, null, 1, null, 3, 3, 3, 1, null, 0, null, null].map((a) =>
      a === null ? null : [0, 1, 2, 3].map((b) => (a === b ? 1 : 0)),
    );
    await writeFile(folder.at("best.json"), JSON.stringify({ actions: ["up", "down", "left", "right"], prior: rows }));
    const compared = await answered(["compare", "maze", "--prior", "best.json", "--json"]);
    expect(compared).toMatchObject({ agreement: 1, massOnOptimal: 1, logLoss: 0 });
    expect(compared.regret.max).toBeLessThan(1e-9);
    const { stdout, code } = await mdpkit(["compare", "maze", "--prior", "best.json"], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toMatch(/agreement +100% +10%/);
  });
});

describe("agent", () => {
  test("runs the loop with a server, and stops at its steps", async () => {
    const trace = await answered(["agent", "maze", "--llm", server.url, "--cache", folder.at("cache"), "--steps", "3", "--json"]);
    expect(trace.header).toMatchObject({ format: "mdpkit-trace", planner: "tiny-model, asked live" });
    expect(trace.steps).toHaveLength(3);
    expect(trace.end).toMatchObject({ status: "max-steps" });
    const { stdout } = await mdpkit(["agent", "maze", "--llm", server.url, "--cache", folder.at("cache"), "--steps", "3"]);
    expect(stdout).toMatch(/sees "open: right; goal: /);
    expect(stdout).toContain("A . . .");
  });
});

test("a folder that may not be written is found out before the server is asked", async () => {
  await mkdir(folder.at("locked"));
  await chmod(folder.at("locked"), 0o755);
  const { code } = await mdpkit(["demo", "--llm", server.url, "--report", folder.at("nowhere/r.html")]);
  expect(code).toBe(3);
  expect(server.calls).toBe(0);
});
