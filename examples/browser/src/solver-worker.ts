// The worker that solves: a page's own thread must not wait, and sweeps shared among threads wait for each other.
import { type Solution, solve, valueIteration } from "mdpkit";
import type { Label, Mdp } from "mdpkit/mdp";
import { capabilities } from "./capabilities.ts";
import { type Answer, EPSILON, type FromWorker, type Task } from "./protocol.ts";
import { modelOf } from "./setting.ts";
import { startWebGl } from "./start-webgl.ts";

let mdp: Mdp<Label, Label> | undefined;

async function perform({ kind, setting, device, threads, from }: Task): Promise<Answer> {
  if (setting !== undefined) {
    mdp = undefined; // an old maze is no answer to a new one that is refused
    mdp = modelOf(setting);
  }
  if (mdp === undefined) throw new Error("there is no maze to solve: the last one was refused");
  if (device === "tfjs") await startWebGl();
  if (kind === "solve") return answerOf(await solve(mdp, { device, threads, epsilon: EPSILON }));
  // A solve of one sweep: what it answers is proven like any other answer, only not yet to within epsilon. Going on from lower bounds, sweeps only raise them.
  return answerOf(await valueIteration(mdp, { device, threads, epsilon: EPSILON, maxSweeps: 1, initialValue: from }));
}

function answerOf(solution: Solution<Label, Label>): Answer {
  const { status, method, device, threads, sweeps, seconds, gap, bounds, policy, history } = solution;
  return {
    ...{ status, method, device, threads, sweeps, seconds, gap },
    lower: bounds.lower.array,
    upper: bounds.upper.array,
    moves: policy.toActions().map((action) => (action === null ? null : String(action))),
    gaps: [...history.filter((entry) => entry.gap > 0 && entry.gap < Infinity), { sweep: sweeps, gap }].map((entry) => ({
      sweep: entry.sweep,
      gap: entry.gap,
    })),
    // Float64 looks at what a device did are numbered; the others say what was decided and why.
    notes: history.flatMap(({ stage, note }) => (note === undefined || stage.startsWith("float64") ? [] : note)),
  };
}

function tell(message: FromWorker): void {
  postMessage(message);
}

// One task after the other: tasks that come while one is at work wait for it.
let last: Promise<void> = Promise.resolve();

addEventListener("message", ({ data: task }: MessageEvent<Task>) => {
  last = last.then(async () => {
    try {
      tell({ kind: "answer", id: task.id, answer: await perform(task) });
    } catch (error) {
      tell({ kind: "failed", id: task.id, message: error instanceof Error ? error.message : String(error) });
    }
  });
});

tell({ kind: "ready", capabilities: await capabilities() });
