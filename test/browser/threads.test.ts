// WebAssembly in a page: the same bits as in Node, by threads where the page is isolated from other origins, by one where it is not.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { garnet } from "../../src/envs/index.ts";
import { solve } from "../../src/solvers/index.ts";
import { browserSuite } from "./browser-suite.ts";
import { callInPage } from "./call-in-page.ts";
import type { HelpTask } from "./in-page/count-help.ts";
import type { Solved, SolveTask } from "./in-page/solve-in-worker.ts";
import { type SourceServer, serveSources } from "./source-server.ts";

const GARNET = { states: 3000, actions: 6, branches: 8, seed: 3 };
const METHODS = ["auto", "value-iteration", "policy-iteration", "modified-policy-iteration"] as const;

const suite = browserSuite("none");

async function solveInNode(options: SolveTask["options"]): Promise<Omit<Solved, "isolated" | "threads">> {
  const { status, device, sweeps, value, bounds, policy } = await solve(garnet(GARNET).mdp, { ...options, threads: 1 });
  return {
    status,
    device,
    sweeps,
    value: [...value.array],
    lower: [...bounds.lower.array],
    upper: [...bounds.upper.array],
    choice: [...(policy.choice ?? [])],
  };
}

describe.each([
  { isolated: true, threads: 2 },
  { isolated: false, threads: 1 },
])("a page, isolated from other origins: $isolated", ({ isolated, threads }) => {
  let server: SourceServer;
  let opened: ReturnType<typeof suite.newPage> | undefined;
  beforeAll(async () => {
    server = await serveSources(isolated);
  });
  afterAll(() => server.close());

  /** One page for all tests: loading the sources takes seconds. */
  async function call<Argument, Answer>(module: string, name: string, argument: Argument): Promise<Answer> {
    opened ??= suite.newPage();
    const { page, complaints } = await opened;
    if (page.url() !== server.page) await page.goto(server.page);
    const answer = await callInPage<Argument, Answer>(page, module, name, argument);
    expect(complaints).toEqual([]);
    return answer;
  }

  test.each(METHODS)(`solves by ${threads} of the 2 threads asked for, to Node's very bits: %s`, async (method) => {
    const options = { method, device: "wasm", threads: 2, epsilon: 1e-7 } as const;
    const { isolated: seen, threads: used, ...solved } = await call<SolveTask, Solved>("solve-in-worker", "solveInWorker", { garnet: GARNET, options });
    expect({ seen, used }).toEqual({ seen: isolated, used: threads });
    expect(solved).toEqual(await solveInNode(options));
    expect(solved.status).toBe("converged");
  });

  test(isolated ? "has a second thread that takes work" : "has no second thread", async () => {
    const helped = await call<HelpTask, number>("count-help", "countHelp", { garnet: GARNET, rounds: isolated ? 2000 : 50 });
    if (isolated) expect(helped).toBeGreaterThan(0);
    else expect(helped).toBe(0);
  });
});
