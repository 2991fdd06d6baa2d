// Bad input of every kind to every command: exit code 2 or 3, every fault a line on standard error, nothing on standard output, no file written.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let before: string[];

const MODEL = '{"format":"mdpkit","version":1,"states":2,"actions":1,"terminal":[1],"transitions":[[0,0,1,1,1]]}';

beforeAll(async () => {
  folder = await temporaryFolder();
  const files: Record<string, string> = {
    "good.json": MODEL.replace('"states"', '"discount":0.5,"states"'),
    "no-discount.json": MODEL,
    "empty.json": "",
    "blank.json": " \n",
    "cut.json": MODEL.slice(0, 60),
    "array.json": "[1,2,3]",
    "other.json": '{"hello":"world"}',
    "text.txt": "this is no model",
    "sum.json": MODEL.replace("1,1,1]]", "1,0.9,1]]"),
    "negative.json": MODEL.replace("1,1,1]]", "1,-1,1]]"),
    "target.json": MODEL.replace("[[0,0,1,1,1]]", "[[0,0,7,1,1]]"),
    "stuck.json": MODEL.replace('"terminal":[1],', ""),
    "many.json": JSON.stringify({
      format: "mdpkit",
      version: 1,
      discount: 0.9,
      states: 30,
      actions: 1,
      transitions: Array.from({ length: 30 }, (_, s) => [s, 0, s, 0.5, 0]),
    }),
    "huge.json": MODEL.replace('"states":2', '"states":3000000000'),
    "broken.npz": "PK\u0003\u0004 and then nothing",
    "no-zip.npz": "not a zip file",
    "prior-bad.json": '{"actions":[0],"prior":[[0.5],null]}',
    "prior-else.json": '{"actions":["up","down"],"prior":[[0.5,0.5]]}',
    "prior-fine.json": '{"actions":[0],"prior":[[1],null]}',
    "result-cut.json": '{"version":"0.1.0","status":"conv',
    "result-else.json": '{"hello":1}',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(folder.at(name), text);
  await mkdir(folder.at("folder"));
  await symlink(folder.at("nowhere"), folder.at("dangling.json"));
  before = await folder.files();
});
afterAll(() => folder.remove());

/** Runs a command in the folder and checks what holds for every error. */
async function fails(code: 2 | 3, args: readonly string[]): Promise<string[]> {
  const outcome = await mdpkit(args, { cwd: folder.path });
  const lines = outcome.stderr.split("\n");
  expect({ code: outcome.code, stdout: outcome.stdout }, outcome.stderr).toEqual({ code, stdout: "" });
  expect(lines.pop()).toBe("");
  expect(lines.length).toBeGreaterThanOrEqual(1);
  expect(lines.length).toBeLessThanOrEqual(11);
  expect(outcome.stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(await folder.files()).toEqual(before);
  return lines;
}

const MODEL_COMMANDS: readonly (readonly string[])[] = [
  ["solve"],
  ["learn"],
  ["info"],
  ["check"],
  ["prior"],
  ["agent"],
  ["compare", "--prior", "prior-fine.json"],
];

describe.each(MODEL_COMMANDS)("%s", (...words) => {
  const [command = "", ...rest] = words;
  const with2 = (model: string, ...more: string[]) => fails(2, [command, model, ...rest, ...more]);
  const with3 = (model: string, ...more: string[]) => fails(3, [command, model, ...rest, ...more]);

  test("no model, two models", async () => {
    expect(await fails(2, [command, ...rest])).toEqual([
      "missing required argument 'model'. Hint: mdpkit COMMAND --help lists commands, options and examples.",
    ]);
    expect((await fails(2, [command, "maze", "taxi", ...rest]))[0]).toMatch(/too many arguments/);
  });

  test("unknown options, with the nearest as a hint", async () => {
    expect(await with2("maze", "--discont", "0.9")).toEqual(["unknown option '--discont'. Hint: did you mean --discount?"]);
    expect((await with2("maze", "-x"))[0]).toMatch(/^unknown option '-x'/);
  });

  test.each(["1.5", "-0.1", "NaN", "abc", "0x1", "", "Infinity"])("--discount %j", async (discount) => {
    expect(await with2("maze", "--discount", discount)).toEqual([`--discount is ${JSON.stringify(discount)}, expected a number from 0 to 1.`]);
  });

  test("an option without its value, a word that is none", async () => {
    expect((await with2("maze", "--discount"))[0]).toMatch(/argument missing/);
    expect(await with2("maze", "--objective", "maximise")).toEqual([
      '--objective is "maximise", expected one of maximize, minimize. Hint: did you mean maximize?',
    ]);
    expect((await with2("maze", "--format", "xml"))[0]).toMatch(/^--format is "xml"/);
  });

  test("an unknown built-in, bad settings of a known one", async () => {
    expect((await with2("mase"))[0]).toMatch(/"mase".*Hint: did you mean maze\?$/);
    expect((await with2("grid:30x"))[0]).toMatch(/30x/);
    expect((await with2("garnet:states=3000000000,actions=1,branches=1"))[0]).toMatch(/3000000000/);
    expect((await with2("maze:00/0x"))[0]).toMatch(/row 2, column 2 is "x"/);
    expect((await with2(""))[0]).toMatch(/MODEL is empty/);
  });

  test("files that are not there, folders, files that cannot be read", async () => {
    expect((await with3("missing.json"))[0]).toMatch(/^missing\.json does not exist, expected a model file/);
    expect((await with3("no/such/model"))[0]).toMatch(/does not exist/);
    expect((await with3("good.json/inside.json"))[0]).toMatch(/does not exist/);
    expect((await with3("dangling.json"))[0]).toMatch(/does not exist/);
    expect((await with3("folder"))[0]).toBe("folder is a folder, expected a model file.");
    expect((await with3("missing", "--format", "npz"))[0]).toMatch(/does not exist/);
  });

  test.each([
    ["empty.json", /^empty\.json is empty/],
    ["blank.json", /^blank\.json: /],
    ["cut.json", /^cut\.json: .*line 1/],
    ["array.json", /^array\.json: /],
    ["other.json", /^other\.json: /],
    ["text.txt", /^text\.txt: .*no known format/],
    ["sum.json", /^sum\.json: .*sums to 0\.9, expected 1 within 1e-9/],
    ["negative.json", /^negative\.json: .*-1/],
    ["target.json", /^target\.json: .*7/],
    ["stuck.json", /^stuck\.json: state 1 has no choice/],
    ["huge.json", /^huge\.json: .*3000000000/],
    ["broken.npz", /^broken\.npz: /],
    ["no-zip.npz", /^no-zip\.npz: /],
  ])("%s", async (file, message) => {
    expect((await with2(file))[0]).toMatch(message);
  });

  test("ten issues, then how many more", async () => {
    const lines = await with2("many.json");
    expect(lines).toHaveLength(11);
    expect(lines[10]).toBe("and 20 more");
    for (const line of lines.slice(0, 10)) expect(line).toMatch(/^many\.json: transition\(\d+,0\) sums to 0\.5/);
  });
});

test.each([["solve"], ["learn"], ["compare", "--prior", "prior-fine.json"]])("%s needs a discount", async (...words) => {
  const [command = "", ...rest] = words;
  expect(await fails(2, [command, "no-discount.json", ...rest])).toEqual([
    "no-discount.json carries no discount, expected a number from 0 to 1. Hint: pass --discount, such as --discount 0.99.",
  ]);
});

describe("commands", () => {
  test("none, an unknown one, one that is nearly one", async () => {
    expect((await fails(2, []))[0]).toMatch(/^the command is missing/);
    expect((await fails(2, ["frobnicate"]))[0]).toMatch(/^the command is "frobnicate", expected one of demo, solve/);
    expect((await fails(2, ["solv", "maze"]))[0]).toMatch(/Hint: did you mean solve\?$/);
    expect((await fails(2, ["solv", "--help"]))[0]).toMatch(/Hint: did you mean solve\?$/);
    expect((await fails(2, ["help", "solv"]))[0]).toMatch(/Hint: did you mean solve\?$/);
    expect((await fails(2, ["--wrong"]))[0]).toMatch(/unknown option '--wrong'/);
  });
});

describe("solve", () => {
  test.each([
    ["--epsilon", "0"],
    ["--epsilon", "-1"],
    ["--epsilon", "abc"],
    ["--max-sweeps", "-1"],
    ["--max-sweeps", "0"],
    ["--max-sweeps", "1.5"],
    ["--max-seconds", "0"],
    ["--max-seconds", "soon"],
    ["--horizon", "0"],
    ["--horizon", "2.5"],
    ["--method", "simplex"],
    ["--device", "abacus"],
    ["--threads", "0"],
    ["--threads", "many"],
    ["--out", "result.txt"],
    ["--out", ""],
    ["--report", "report.pdf"],
  ])("%s %j", async (option, value) => {
    expect((await fails(2, ["solve", "good.json", option, value]))[0]).toMatch(new RegExp(`^${option} is ${value === "" ? '""' : `"${value}"`}, expected`));
  });

  test("every bad option is a line", async () => {
    const lines = await fails(2, ["solve", "good.json", "--discount", "2", "--epsilon", "x", "--max-sweeps", "-1", "--method", "magic"]);
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["--discount", "--method", "--epsilon", "--max-sweeps"]);
  });

  test("options that exclude each other", async () => {
    expect(await fails(2, ["solve", "good.json", "--horizon", "3", "--method", "value-iteration", "--report", "r.html"])).toHaveLength(2);
    expect((await fails(2, ["solve", "good.json", "--horizon", "3", "--out", "r.npz"]))[0]).toMatch(/npz holds no stages/);
  });

  test("--device tensorflow is not silently another", async () => {
    expect((await fails(3, ["solve", "good.json", "--device", "tensorflow"]))[0]).toMatch(/^--device tensorflow: .*expected/);
  });

  test("devices do not run backward induction", async () => {
    expect((await fails(2, ["solve", "good.json", "--device", "webgpu", "--horizon", "3"]))[0]).toMatch(/^--horizon and --device webgpu/);
  });

  test.each([
    ["--out", "no/folder/result.json"],
    ["--out", "folder.json/r.json"],
    ["--report", "no/folder/report.html"],
  ])("%s %s cannot be written", async (option, path) => {
    expect((await fails(3, ["solve", "good.json", option, path]))[0]).toMatch(/cannot be written/);
  });
});

describe("learn", () => {
  test.each([
    ["--steps", "0"],
    ["--steps", "-5"],
    ["--steps", "1.5"],
    ["--seed", "-1"],
    ["--seed", "x"],
    ["--explore", "1.1"],
    ["--learning-rate", "0"],
    ["--max-steps", "0"],
    ["--method", "sarsaa"],
    ["--out", "q.csv"],
  ])("%s %j", async (option, value) => {
    expect((await fails(2, ["learn", "good.json", option, value]))[0]).toMatch(new RegExp(`^${option} is "${value}", expected`));
  });

  test("options that need others", async () => {
    expect((await fails(2, ["learn", "good.json", "--lambda", "0.5"]))[0]).toMatch(/^--lambda is given with --method q-learning/);
    expect((await fails(2, ["learn", "good.json", "--prior-weight", "1"]))[0]).toMatch(/without --prior/);
  });

  test("priors that do not fit", async () => {
    expect((await fails(2, ["learn", "good.json", "--prior", "prior-bad.json"]))[0]).toMatch(/^prior-bad\.json: prior/);
    expect((await fails(2, ["learn", "good.json", "--prior", "prior-else.json"]))[0]).toMatch(/^prior-else\.json: /);
    expect((await fails(3, ["learn", "good.json", "--prior", "missing.json"]))[0]).toMatch(/^missing\.json cannot be read: there is no such file/);
  });
});

describe("compare", () => {
  test("no prior, two priors, priors that do not fit", async () => {
    expect((await fails(2, ["compare", "good.json"]))[0]).toMatch(/are both missing, expected one of them/);
    expect((await fails(2, ["compare", "good.json", "--prior", "prior-fine.json", "--llm", "http://127.0.0.1:1"]))[0]).toMatch(/are both given/);
    expect((await fails(2, ["compare", "good.json", "--prior", "empty.json"]))[0]).toBe("empty.json is empty, expected content.");
    expect((await fails(2, ["compare", "good.json", "--prior", "prior-bad.json"]))[0]).toMatch(/sums to 0\.5/);
    expect((await fails(2, ["compare", "good.json", "--prior", "cut.json"]))[0]).toMatch(/^cut\.json: /);
    expect((await fails(3, ["compare", "good.json", "--prior", "folder"]))[0]).toMatch(/^folder cannot be read/);
  });
});

describe.each([["prior"], ["agent"], ["compare"], ["demo"]])("%s --llm", (command) => {
  const model = command === "demo" ? [] : ["good.json"];

  test("an address that is none, a model without a server", async () => {
    expect((await fails(2, [command, ...model, "--llm", "localhost:8080"]))[0]).toMatch(/^--llm is "localhost:8080", expected an address/);
    expect((await fails(2, [command, ...model, "--llm", "file:///etc/passwd"]))[0]).toMatch(/^--llm is/);
    expect((await fails(2, [command, ...model, "--llm-model", "m"]))[0]).toMatch(/^--llm-model is given without --llm/);
  });
});

test.each([["prior"], ["agent"]])("%s without a server knows the seed maze alone", async (command) => {
  expect((await fails(2, [command, "taxi"]))[0]).toMatch(/^--llm is missing/);
});

describe("agent", () => {
  test.each([
    ["--steps", "0"],
    ["--seed", "1.5"],
  ])("%s %s", async (option, value) => {
    expect((await fails(2, ["agent", "maze", option, value]))[0]).toMatch(new RegExp(`^${option} is "${value}"`));
  });
});

describe("demo", () => {
  test("options", async () => {
    expect((await fails(2, ["demo", "--seed", "x"]))[0]).toMatch(/^--seed is "x"/);
    expect((await fails(2, ["demo", "--report", "r.txt"]))[0]).toMatch(/^--report is "r\.txt"/);
    expect((await fails(3, ["demo", "--report", "no/folder/r.html"]))[0]).toMatch(/cannot be written/);
    expect((await fails(2, ["demo", "maze"]))[0]).toMatch(/too many arguments/);
  });
});

describe("verify", () => {
  test("results that are none", async () => {
    expect((await fails(2, ["verify", "good.json"]))[0]).toMatch(/missing required argument 'result'/);
    expect((await fails(3, ["verify", "good.json", "missing.json"]))[0]).toMatch(/^missing\.json cannot be read/);
    expect((await fails(2, ["verify", "good.json", "empty.json"]))[0]).toMatch(/^empty\.json is empty/);
    expect((await fails(2, ["verify", "good.json", "result-cut.json"]))[0]).toMatch(/^result-cut\.json: .*line 1/);
    expect((await fails(2, ["verify", "good.json", "result-else.json"]))[0]).toMatch(/^result-else\.json: /);
    expect((await fails(2, ["verify", "good.json", "broken.npz"]))[0]).toMatch(/^broken\.npz: /);
  });
});

describe("convert", () => {
  test("names and folders", async () => {
    expect((await fails(2, ["convert", "good.json"]))[0]).toMatch(/missing required argument 'out'/);
    expect((await fails(2, ["convert", "good.json", "out.xml"]))[0]).toMatch(/^OUT is "out\.xml"/);
    expect((await fails(2, ["convert", "good.json", "out.json", "--to", "prism"]))[0]).toMatch(/^--to is "prism"/);
    expect((await fails(3, ["convert", "good.json", "no/folder/out.json"]))[0]).toMatch(/cannot be written/);
    expect((await fails(3, ["convert", "good.json", "folder", "--to", "npz"]))[0]).toMatch(/it is a folder/);
    expect((await fails(2, ["convert", "sum.json", "out.npz"]))[0]).toMatch(/^sum\.json: /);
    expect((await fails(3, ["convert", "missing.json", "out.npz"]))[0]).toMatch(/does not exist/);
  });
});

test("--debug adds the stack trace", async () => {
  const { code, stderr } = await mdpkit(["solve", "sum.json", "--debug"], { cwd: folder.path });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^sum\.json: .*sums to 0\.9/);
  expect(stderr).toMatch(/\n\s+at /);
});
