// What advice of each quality does to Q-learning, on random mazes and FrozenLake: bench/results/prior-quality.json and docs/prior-quality.md.
// Run: npm run bench:prior [-- --mazes N --seeds N] (minutes; with fewer of either, prints and writes nothing)
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareToOptimal } from "../src/llm-prior/index.ts";
import { machine } from "./machine.ts";
import { BENCH } from "./model-files.ts";
import { lake, type Problem, REPORTED, reportedMazes, TUNED, tuningMazes } from "./prior-quality/environments.ts";
import { priorQualityPage } from "./prior-quality/page.ts";
import { isGood, SOURCES } from "./prior-quality/priors.ts";
import type { Measured, PriorQualityResult } from "./prior-quality/result.ts";
import { type Advice, episodesNeeded, type Schedule } from "./prior-quality/runs.ts";
import { mean, pooledRatio, ratioOfMeans } from "./prior-quality/statistics.ts";
import { eachSeed, tuneSchedule, tuneWeight } from "./prior-quality/tuning.ts";

const SEEDS = 20;
/** Tuning draws other random numbers than what is reported. The lake is one environment, and its runs differ most: it is tuned on more of them. */
const TUNING_SEEDS = 8;
const LAKE_TUNING_SEEDS = 60;
const FIRST_TUNING_SEED = 1000;

const RESULT = join(BENCH, "results", "prior-quality.json");
const PAGE = join(BENCH, "..", "docs", "prior-quality.md");

const { values } = parseArgs({
  options: {
    mazes: { type: "string", default: String(REPORTED) },
    seeds: { type: "string", default: String(SEEDS) },
    render: { type: "boolean", default: false },
  },
});

if (values.render) {
  writeFileSync(PAGE, priorQualityPage(JSON.parse(readFileSync(RESULT, "utf8")) as PriorQualityResult));
} else {
  const whole = Number(values.mazes) === REPORTED && Number(values.seeds) === SEEDS;
  const result = await measure(Number(values.mazes), Number(values.seeds), whole);
  const page = priorQualityPage(result);
  if (whole) {
    writeFileSync(RESULT, `${JSON.stringify(result, undefined, 1)}\n`);
    writeFileSync(PAGE, page);
  } else console.log(page);
}

async function measure(mazes: number, seedCount: number, whole: boolean): Promise<PriorQualityResult> {
  const started = performance.now();
  const tuningSeeds = Array.from({ length: whole ? TUNING_SEEDS : 2 }, (_, k) => FIRST_TUNING_SEED + k);
  const tuned = await tuningMazes(whole ? TUNED : Math.min(TUNED, mazes));
  const ice = await lake();
  const lakeSeeds = Array.from({ length: whole ? LAKE_TUNING_SEEDS : 2 }, (_, k) => FIRST_TUNING_SEED + k);
  const schedules = { maze: await tuneSchedule(tuned, tuningSeeds), "frozen-lake": await tuneSchedule([ice], lakeSeeds) };
  const [forMazes] = schedules.maze;
  const [forLake] = schedules["frozen-lake"];
  if (forMazes === undefined || forLake === undefined) throw new Error("tuning tries at least one schedule");
  say(`schedules: mazes rate ${forMazes.rate} epsilon ${forMazes.epsilon}, lake rate ${forLake.rate} epsilon ${forLake.epsilon}`);
  const weights = await tuneWeight(tuned, forMazes, tuningSeeds);
  const weight = weights[0]?.weight;
  if (weight === undefined) throw new Error("tuning tries at least one weight");
  say(`weight: ${weight} steps a nat`);
  const seeds = Array.from({ length: seedCount }, (_, k) => k);
  const problems = [...(await reportedMazes(mazes)), ice];
  const measured: Measured[] = [];
  for (const problem of problems) {
    measured.push(await measureOne(problem, problem.family === "maze" ? forMazes : forLake, weight, seeds));
    say(`${problem.name}: ${measured.at(-1)?.control.mean.toFixed(1)} episodes without a prior`);
  }
  const pooled = (["tuned", "default"] as const).map((design) => {
    const good = measured.map((m) => m.sources.filter((s) => s.good).map((s) => s[design].ratio));
    return [design, pooledRatio(good, design)] as const;
  });
  return {
    machine: machine(),
    seconds: (performance.now() - started) / 1000,
    seeds: seedCount,
    tuningSeeds: tuningSeeds.length,
    lakeTuningSeeds: lakeSeeds.length,
    tuningMazes: tuned.map(({ name }) => name),
    schedules,
    weights,
    measured,
    pooled: Object.fromEntries(pooled) as PriorQualityResult["pooled"],
  };
}

async function measureOne(problem: Problem, schedule: Schedule, weight: number, seeds: readonly number[]): Promise<Measured> {
  const control = await eachSeed(seeds, (seed) => episodesNeeded(problem, schedule, seed));
  const sources: Measured["sources"][number][] = [];
  for (const source of SOURCES) {
    const priors = await Promise.all(seeds.map((seed) => source.make(problem, seed)));
    const first = priors[0];
    if (first === undefined) continue;
    const runWith = (w: Advice["weight"]) => eachSeed(seeds, (seed) => episodesNeeded(problem, schedule, seed, { prior: priors[seed] ?? first, weight: w }));
    const [tuned, plain] = [await runWith(weight), await runWith(undefined)];
    const { agreement, regret, states } = await compareToOptimal(problem.builtIn.mdp, first, problem.exact);
    sources.push({
      name: source.name,
      good: isGood(source),
      agreement,
      regretAtStart: (regret.perState[states.indexOf(problem.start)] ?? Number.NaN) / Math.abs(problem.best),
      tuned: { mean: mean(tuned), ...ratioOfMeans(tuned, control, `${problem.name}:${source.name}:tuned`) },
      default: { mean: mean(plain), ...ratioOfMeans(plain, control, `${problem.name}:${source.name}:default`) },
    });
  }
  return { name: problem.name, family: problem.family, best: problem.best, control: { mean: mean(control), episodes: control }, sources };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
