// The time of one synchronous sweep, through the public solver: what its history says passed between two sweeps of value iteration.
import type * as Mdpkit from "../../src/index.ts";
import { median } from "../median.ts";

const SWEEPS = 200;
const SECONDS = 2;

/** Milliseconds: the median over the sweeps, and the fastest one, which a machine with other work to do disturbs least. */
export interface SweepTime {
  readonly msPerSweep: number;
  readonly fastestMs: number;
}

/** The time of a sweep with everything that a sweep of a solve does: giving way, bounds, history. */
export async function sweepMilliseconds(
  mdpkit: typeof Mdpkit,
  mdp: Mdpkit.Mdp,
  kernel: { readonly device: "cpu" | "wasm"; readonly threads: number },
): Promise<SweepTime> {
  const times: number[] = [];
  const started = performance.now();
  // Short runs, since a run that has converged sweeps no more; the first warms up.
  do {
    const { history } = await mdpkit.valueIteration(mdp, { ...kernel, epsilon: 1e-9, maxSweeps: 30 });
    for (let i = 1; i < history.length; i++) {
      const [before, now] = [history[i - 1], history[i]];
      if (before !== undefined && now !== undefined && now.sweep === before.sweep + 1) times.push((now.seconds - before.seconds) * 1000);
    }
  } while (times.length < SWEEPS && performance.now() - started < SECONDS * 1000);
  const counted = times.length > 60 ? times.slice(30) : times;
  return { msPerSweep: median(counted), fastestMs: Math.min(...counted) };
}
