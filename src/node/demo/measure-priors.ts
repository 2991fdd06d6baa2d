// Step 5 of the demo: priors beside the optimum, and what each is worth to Q-learning, over many seeds.
import { toEnv } from "../../envs/index.ts";
import {
  type Comparison,
  compareToOptimal,
  elicitPrior,
  maskedPrior,
  optimalChoices,
  type Prior,
  syntheticScorer,
  uniformOverOptimal,
} from "../../llm-prior/index.ts";
import { type Label, rowOf } from "../../mdp/index.ts";
import { Policy, policySpace } from "../../policies/index.ts";
import type { Solution } from "../../solvers/index.ts";
import { type CurvePoint, type EpisodesToOptimal, episodesToOptimal, learningCurve, type Spread, spread } from "../../solvers/learning/index.ts";
import { short, textTable } from "../format-number.ts";
import { type Demo, headline } from "./context.ts";

/** Seeds of every learner. */
export const SEEDS = 25;
/** A run that is not optimal by then counts as never. */
const MOST_EPISODES = 1000;
/** Episodes of the learning curves. */
export const CURVE_EPISODES = 15;

/** One way to start Q-learning, and what became of it. */
export interface MeasuredPrior {
  readonly name: string;
  /** Where it comes from, in words. */
  readonly source: string;
  /** The policy's own measures; none where there is no policy. */
  readonly comparison: Comparison | undefined;
  readonly learning: EpisodesToOptimal;
  /** Episodes and steps fewer than without advice, by seed; negative where it took more. */
  readonly saved: { readonly episodes: Spread; readonly steps: Spread };
  readonly curve: readonly CurvePoint[];
}

/** Learns with each prior; the first of the answer is the one without advice. */
export async function measurePriors(demo: Demo, best: Solution<Label, Label>, llm: Prior<Label, Label>): Promise<readonly MeasuredPrior[]> {
  const { mdp } = demo.model;
  const wrong = await elicitPrior(mdp, { scorer: syntheticScorer({ reference: uniformOverOptimal(best), quality: 0 }), calibrate: "none" });
  const entries: readonly { readonly name: string; readonly source: string; readonly policy: Policy<Label, Label> | undefined }[] = [
    { name: "no prior", source: "the same optimistic start, no advice", policy: Policy.uniform(policySpace(mdp)) },
    { name: "no prior, Q from 0", source: "a learner without optimism", policy: undefined },
    { name: "mask only", source: "no advice, but blocked moves are known", policy: maskedPrior(mdp).policy },
    { name: "language model", source: llm.provenance, policy: llm.policy },
    { name: "harmful", source: "synthetic: wrong in every state where it can be", policy: wrong.policy },
  ];
  const measured: MeasuredPrior[] = [];
  for (const [done, { name, source, policy }] of entries.entries()) {
    const learning = await learnOverSeeds(demo, best, policy, (part) =>
      demo.progress.bar((done + part) / entries.length, `Q-learning over ${SEEDS} seeds: ${name}`),
    );
    const comparison = policy === undefined ? undefined : await compareToOptimal(mdp, policy, best);
    const baseline = measured[0]?.learning ?? learning.learning;
    measured.push({
      name,
      source,
      comparison,
      ...learning,
      saved: { episodes: savedBy(baseline, learning.learning, "episodes"), steps: savedBy(baseline, learning.learning, "steps") },
    });
  }
  demo.progress.clear();
  await print(demo, measured);
  return measured;
}

async function learnOverSeeds(
  demo: Demo,
  best: Solution<Label, Label>,
  prior: Policy<Label, Label> | undefined,
  onProgress: (part: number) => void,
): Promise<Pick<MeasuredPrior, "learning" | "curve">> {
  const { signal } = demo.world;
  const env = toEnv(demo.model.mdp);
  const seeds = Array.from({ length: SEEDS }, (_, i) => demo.seed + i);
  const options = { seeds, prior, signal };
  const learning = await episodesToOptimal(
    env,
    { ...options, maxEpisodes: MOST_EPISODES, onRun: (run, total) => onProgress((0.5 * run) / total) },
    isOptimalFromStart(best),
  );
  const curve = await learningCurve(env, { ...options, maxEpisodes: CURVE_EPISODES, onRun: (run, total) => onProgress(0.5 + (0.5 * run) / total) });
  signal.throwIfAborted();
  return { learning, curve };
}

/** Whether a policy takes an optimal choice in every state that it leads to from the start. */
export function isOptimalFromStart(best: Solution<Label, Label>): (policy: Policy<Label, Label>) => boolean {
  const { storage, initial } = best.mdp;
  const optimal = optimalChoices(best);
  const seen = new Int32Array(storage.stateCount);
  let round = 0;
  return (policy) => {
    round++;
    const queue = [...(initial?.state ?? [0])];
    for (let s = queue.pop(); s !== undefined; s = queue.pop()) {
      const c = policy.modeAt(s);
      if (seen[s] === round || c < 0) continue;
      seen[s] = round;
      if (optimal[c] !== 1) return false;
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++)
        if (storage.target[b]! < storage.stateCount) queue.push(storage.target[b]!);
    }
    return true;
  };
}

/** Run by run with the same seed; two runs that never got there are even. */
function savedBy(baseline: EpisodesToOptimal, other: EpisodesToOptimal, what: "episodes" | "steps"): Spread {
  return spread(baseline.runs.map((run, i) => ((other.runs[i]?.[what] ?? Number.NaN) === run[what] ? 0 : run[what] - (other.runs[i]?.[what] ?? Number.NaN))));
}

async function print(demo: Demo, measured: readonly MeasuredPrior[]): Promise<void> {
  const { style } = demo;
  await headline(demo, 5, "The prior against the optimum, and as a seed of Q-learning");
  const rows = measured.map(({ name, comparison }) => [
    `   ${name}`,
    comparison === undefined ? "" : `${short(100 * comparison.agreement, 3)}%`,
    ...(comparison === undefined
      ? ["", "", "", ""]
      : [comparison.massOnOptimal, comparison.mutualInformation, comparison.regret.mean, comparison.regret.max].map((x) => short(x, 3))),
  ]);
  await demo.print(
    textTable(
      [["   as a policy", "agreement", "p(optimal)", "mutual inf. (nats)", "mean regret", "worst"], ...rows.filter((row) => row[1] !== "")],
      [false, true, true, true, true, true],
    ),
  );
  await demo.print(`\n   until its greedy policy is optimal to stay, median (range) over ${SEEDS} seeds:`);
  await demo.print(
    textTable(
      [
        ["   Q-learning with", "episodes", "steps", "episodes saved", "steps saved"],
        ...measured.map(({ name, learning, saved }, i) => [
          `   ${name}`,
          range(learning.episodes),
          range(learning.steps),
          i === 0 ? "" : range(saved.episodes),
          i === 0 ? "" : range(saved.steps),
        ]),
      ],
      [false, true, true, true, true],
    ),
  );
  await demo.print(style.dim(measured.map(({ name, source }) => `   ${name}: ${source}`).join("\n")));
}

/** "5 (4 to 6)", with never for what did not happen. */
function range({ median, min, max }: Spread): string {
  const text = (x: number) => (x === Infinity ? "never" : short(x, 4));
  return `${text(median)} (${text(min)} to ${text(max)})`;
}
