// The worker of solve-in-worker.ts.
import { garnet } from "../../../src/envs/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { answerTask } from "./ask-worker.ts";
import type { Solved, SolveTask } from "./solve-in-worker.ts";

async function perform(task: SolveTask): Promise<Solved> {
  const { status, device, threads, sweeps, value, bounds, policy } = await solve(garnet(task.garnet).mdp, task.options);
  return {
    ...{ isolated: crossOriginIsolated, status, device, threads, sweeps },
    value: [...value.array],
    lower: [...bounds.lower.array],
    upper: [...bounds.upper.array],
    choice: [...(policy.choice ?? [])],
  };
}

answerTask(perform);
