// mdpkit verify: certificates that hold, and those that were tampered with.
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mdpkit, temporaryFolder } from "./support.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const [name, model] of [
    ["robot", "recycling-robot"],
    ["maze", "maze"],
    ["gambler", "gambler:p=0.4"],
  ] as const) {
    await mdpkit(["solve", model, "--out", `${name}.json`, "--quiet"], { cwd: folder.path });
    await mdpkit(["solve", model, "--out", `${name}.npz`, "--quiet"], { cwd: folder.path });
  }
  await mdpkit(["solve", "recycling-robot", "--horizon", "2", "--out", "horizon.json", "--quiet"], { cwd: folder.path });
  await mdpkit(["solve", "taxi", "--method", "value-iteration", "--max-sweeps", "2", "--out", "early.json", "--quiet"], { cwd: folder.path });
});
afterAll(() => folder.remove());

const verify = (...args: string[]) => mdpkit(["verify", ...args], { cwd: folder.path });

test.each([
  ["recycling-robot", "robot"],
  ["maze", "maze"],
  ["gambler:p=0.4", "gambler"],
])("what solve wrote for %s holds, as JSON and npz", async (model, file) => {
  for (const ending of ["json", "npz"]) {
    const { code, stdout, stderr } = await verify(model, `${file}.${ending}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^the certificate holds: /);
  }
  expect(JSON.parse((await verify(model, `${file}.json`, "--json")).stdout)).toMatchObject({ holds: true });
});

test("bounds of an early stop hold too, wide as they are", async () => {
  expect((await verify("taxi", "early.json")).code).toBe(0);
});

interface Result {
  readonly value: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly policy: readonly (string | null)[];
  readonly q: readonly (readonly (number | null)[])[];
  readonly gap: number;
  readonly discount: number;
  readonly objective: string;
}

describe("a tampered result does not hold", () => {
  const tamperings: readonly (readonly [string, (result: Result) => Partial<Result>])[] = [
    ["a higher value", ({ value }) => ({ value: value.with(0, (value[0] ?? 0) + 0.01) })],
    ["a higher lower bound", ({ lower, upper }) => ({ lower: lower.with(0, (upper[0] ?? 0) + 1e-3) })],
    [
      "all of it shifted down",
      ({ value, lower, upper }) => ({ value: value.map((v) => v - 1), lower: lower.map((v) => v - 1), upper: upper.map((v) => v - 1) }),
    ],
    ["a worse policy", ({ policy }) => ({ policy: policy.with(1, "wait") })],
    ["an action that is not feasible", ({ policy }) => ({ policy: policy.with(0, "recharge") })],
    ["an action that does not exist", ({ policy }) => ({ policy: policy.with(0, "fly") })],
    ["no action where one is needed", ({ policy }) => ({ policy: policy.with(0, null) })],
    ["another q", ({ q }) => ({ q: q.with(0, [7, 1, null]) })],
    ["a smaller gap", () => ({ gap: 1e-20 })],
    ["another discount", () => ({ discount: 0.8 })],
    ["the other objective", () => ({ objective: "minimize" })],
  ];

  test.each(tamperings)("%s", async (name, tamper) => {
    const result = JSON.parse(await readFile(folder.at("robot.json"), "utf8")) as Result;
    await writeFile(folder.at("tampered.json"), JSON.stringify({ ...result, ...tamper(result) }));
    const { code, stdout, stderr } = await verify("recycling-robot", "tampered.json");
    expect({ name, code, stdout }).toEqual({ name, code: 1, stdout: "" });
    expect(stderr).toMatch(/^tampered\.json: /);
    if (name === "an action that does not exist") expect(stderr).toContain('state "high": the policy takes "fly", which is not feasible there');
  });
});

test("a result of another model, discount or kind", async () => {
  expect((await verify("maze", "robot.json")).code).toBe(2);
  const asked = await verify("recycling-robot", "robot.json", "--discount", "0.95");
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/discount is 0\.9, expected 0\.95 as asked for/);
  const horizon = await verify("recycling-robot", "horizon.json");
  expect(horizon.code).toBe(2);
  expect(horizon.stderr).toMatch(/finite horizon/);
});
