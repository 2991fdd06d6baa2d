// The worker of count-help.ts.
import { garnet } from "../../../src/envs/index.ts";
import { wasmKernel } from "../../../src/kernels/index.ts";
import { answerTask } from "./ask-worker.ts";
import type { HelpTask } from "./count-help.ts";

async function countHelp(task: HelpTask): Promise<number> {
  const { storage } = garnet(task.garnet).mdp;
  const kernel = wasmKernel(storage, 0.9, 2, 1);
  if (kernel === undefined) throw new Error("no WebAssembly here");
  const [v, out, policy] = [kernel.vector(), kernel.vector(), kernel.policy()];
  for (let round = 0; round < task.rounds && kernel.helped === 0; round++) {
    kernel.sweep(v, out, policy, 0, storage.stateCount, { min: 0, max: 0 });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return kernel.helped;
}

answerTask(countHelp);
