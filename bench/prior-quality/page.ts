// docs/prior-quality.md from bench/results/prior-quality.json: every number in it comes from there.
import { machineLine, table } from "../render/figures.ts";
import type { Measured, PriorQualityResult, WithAdvice } from "./result.ts";
import { MOST_EPISODES, STAY } from "./runs.ts";
import { geometricMean, mean, type Ratio } from "./statistics.ts";
import { HARM } from "./tuning.ts";

/** The pooled ratio of good advice should be at most this. */
const HELP = 0.5;

type Design = "tuned" | "default";

export function priorQualityPage(result: PriorQualityResult): string {
  const { seeds, tuningSeeds, lakeTuningSeeds, tuningMazes, measured, weights, pooled } = result;
  const weight = weights[0]?.weight ?? Number.NaN;
  const mazes = measured.filter((m) => m.family === "maze");
  return `${[
    "# What advice of each quality does to Q-learning",
    "",
    `Written by \`npm run bench:prior\`, with the recordings of \`bench/recordings\`; every number stands in \`bench/results/prior-quality.json\`. ${machineLine([result.machine])} ${(result.seconds / 60).toFixed(0)} minutes.`,
    "",
    "## What is measured",
    "",
    `${mazes.length} random mazes (6x6 to 10x10 cells, a quarter of them walls, moves that slip one time in ten or five, reward 1 at the goal) and FrozenLake 4x4, ${seeds} seeds each; a synthetic prior is drawn anew for each seed.`,
    `Counted are episodes until the exact regret of the greedy policy at the start stays at or below 5% of V* for ${STAY} episodes in a row (the first of them; ${MOST_EPISODES} where a run never gets there).`,
    "The ratio is of mean episodes with the prior to mean episodes of the same learner without: the same Q-learning, learning rate and exploration, Q from the same ceiling V0. Below 1 the prior saved episodes.",
    `Intervals are 95% bootstrap intervals over the seeds. Two weights of Q0 = V0 + w · log prior: the default of \`priorSeed\` (one step's loss of optimism a nat), and ${weight} steps a nat, tuned.`,
    "",
    "## Answer",
    "",
    ...verdict(result, "tuned", `${weight} steps a nat (\`priorWeight: ${weight} * (1 - discount) * ceiling\`)`),
    ...verdict(result, "default", "the default weight"),
    "",
    "## By quality of the advice, mazes",
    "",
    "Geometric mean of the ratios over the mazes, with the least and greatest maze. `above 1.1`: mazes whose interval lies wholly above 1.1. Agreement with the optimum and regret at the start (a share of V*) are of the prior itself, followed as it is.",
    "",
    bySource(mazes, weight),
    "",
    "Read this with care: Q0 = V0 + w · log prior also starts lower than V0, and less optimism by itself shortens learning on these mazes, whatever the advice. `uniform` advice knows nothing and lowers all of Q0 alike,",
    "so the column `to uniform advice` (with the tuned weight) is what the content of the advice adds or takes: below 1 it helped, above 1 it cost.",
    "",
    "## FrozenLake",
    "",
    ...lakeTable(measured),
    "## Each maze",
    "",
    `Ratio with ${weight} steps a nat.`,
    "",
    byMaze(mazes),
    "",
    "## Tuned on some mazes, reported on others",
    "",
    `The schedule was tuned without any prior, then the weight with it, on ${tuningMazes.length} other mazes (${tuningSeeds} other seeds each). The weight chosen is the one that shortens learning most under good advice among those under which no kind of advice lengthens it there: no geometric mean above 1, no interval of a maze wholly above 1.1. FrozenLake's schedule was tuned on FrozenLake with ${lakeTuningSeeds} other seeds; its weight is the mazes'. It got more seeds than the mazes after a first whole run, tuned on as few, had shown lake intervals above ${HARM} under both weights: the lake's row is therefore weaker evidence than the mazes', and its intervals are wide. The recorded model's prompt (examples, calibration) was made before these mazes were drawn: see \`scripts/record-prior.ts\`.`,
    "",
    generalisation(result, mazes),
    "",
    "### Weights tried, on the tuning mazes",
    "",
    weightTable(result),
    "",
    "### Schedules tried, without a prior",
    "",
    "Geometric mean over the tuning mazes (for the lake: the mean) of episodes needed; learning rate rate/(rate + visits - 1), epsilon-greedy.",
    "",
    scheduleTable(result),
    "",
    `Pooled over all environments and good advice: ${shown(pooled.tuned)} with the tuned weight, ${shown(pooled.default)} with the default (interval: bootstrap over environments).`,
  ].join("\n")}\n`;
}

function verdict({ measured, pooled }: PriorQualityResult, design: Design, name: string): string[] {
  const all = measured.flatMap((m) => m.sources.map((s) => ({ where: m.name, source: s.name, ...s[design] })));
  const harmed = all.filter((r) => r.low > HARM);
  const helped = pooled[design];
  return [
    `- With ${name}: advice right in 80% of the states or more takes ${helped.ratio.toFixed(2)} times the episodes (${helped.low.toFixed(2)} to ${helped.high.toFixed(2)}): ${helped.ratio <= HELP ? "within" : "not within"} the aim of ${HELP}.`,
    `  ${harmed.length === 0 ? `None` : `${harmed.length}`} of ${all.length} intervals ${harmed.length === 1 ? "lies" : "lie"} wholly above ${HARM}${harmed.length === 0 ? "." : `: ${harmed.map((r) => `${r.where}, ${r.source}: ${shown(r)}`).join("; ")}.`}`,
  ];
}

function bySource(mazes: readonly Measured[], weight: number): string {
  const names = [...new Set(mazes.flatMap((m) => m.sources.map((s) => s.name)))];
  return table(
    [
      "advice",
      "agreement",
      "regret of following it",
      `${weight} steps a nat`,
      "least to greatest",
      `above ${HARM}`,
      "to uniform advice",
      "default weight",
      "least to greatest",
      `above ${HARM}`,
    ],
    names.map((name) => {
      const rows = mazes.flatMap((m) => m.sources.filter((s) => s.name === name));
      const of = (design: Design): string[] => {
        const ratios = rows.map((r) => r[design].ratio);
        return [
          geometricMean(ratios).toFixed(2),
          `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
          String(rows.filter((r) => r[design].low > HARM).length),
        ];
      };
      const beside = geometricMean(
        mazes.map((m) => {
          const [mine, uniform] = [name, "uniform"].map((n) => m.sources.find((s) => s.name === n)?.tuned.mean ?? Number.NaN);
          return (mine ?? Number.NaN) / (uniform ?? Number.NaN);
        }),
      );
      return [
        name,
        percent(mean(rows.map((r) => r.agreement))),
        percent(mean(rows.map((r) => r.regretAtStart))),
        ...of("tuned"),
        beside.toFixed(2),
        ...of("default"),
      ];
    }),
  );
}

function lakeTable(measured: readonly Measured[]): string[] {
  return measured
    .filter((m) => m.family === "frozen-lake")
    .flatMap((m) => [
      `${m.name}: ${m.control.mean.toFixed(0)} episodes without a prior, V* ${m.best.toFixed(3)}. Two moves in three slip, so what takes long here is telling good choices from lucky ones, which no seed of Q does for the learner; and its runs differ widely.`,
      "",
      table(
        ["advice", "agreement", "regret of following it", "tuned weight", "default weight"],
        m.sources.map((s) => [s.name, percent(s.agreement), percent(s.regretAtStart), shown(s.tuned), shown(s.default)]),
      ),
      "",
    ]);
}

function byMaze(mazes: readonly Measured[]): string {
  const names = [...new Set(mazes.flatMap((m) => m.sources.map((s) => s.name)))];
  return table(
    ["maze", "without, episodes", ...names],
    mazes.map((m) => [
      `\`${m.name}\``,
      m.control.mean.toFixed(0),
      ...names.map((name) => {
        const source = m.sources.find((s) => s.name === name);
        return source === undefined ? "" : shown(source.tuned);
      }),
    ]),
  );
}

function generalisation({ weights }: PriorQualityResult, mazes: readonly Measured[]): string {
  const chosen = weights[0];
  return table(
    ["advice", "tuning mazes", "reported mazes"],
    Object.entries(chosen?.ratios ?? {}).map(([name, ratio]) => [
      name,
      ratio.toFixed(2),
      geometricMean(mazes.flatMap((m) => m.sources.filter((s) => s.name === name).map((s) => s.tuned.ratio))).toFixed(2),
    ]),
  );
}

function weightTable({ weights }: PriorQualityResult): string {
  const names = Object.keys(weights[0]?.ratios ?? {});
  return table(
    ["steps a nat", ...names, `intervals above ${HARM}`],
    weights.map(({ weight, ratios, harmed }, i) => [
      i === 0 ? `${weight}, chosen` : String(weight),
      ...names.map((name) => ratios[name]?.toFixed(2) ?? ""),
      String(harmed),
    ]),
  );
}

function scheduleTable({ schedules }: PriorQualityResult): string {
  const lakeOf = (rate: number, epsilon: number) => schedules["frozen-lake"].find((s) => s.rate === rate && s.epsilon === epsilon)?.episodes.toFixed(0) ?? "";
  return table(
    ["rate", "epsilon", "mazes, episodes", "FrozenLake, episodes"],
    schedules.maze.map(({ rate, epsilon, episodes }) => [String(rate), String(epsilon), episodes.toFixed(0), lakeOf(rate, epsilon)]),
  );
}

function shown({ ratio, low, high }: Ratio | WithAdvice): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}
