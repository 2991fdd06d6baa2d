// mdpkit learn: temporal-difference learning from samples of a model, and how far it is from the exact answer.
import { toEnv } from "../../envs/index.ts";
import type { ChoiceTable, Label } from "../../mdp/index.ts";
import { epsilonGreedy } from "../../policies/index.ts";
import { solve } from "../../solvers/index.ts";
import { doubleQLearning, expectedSarsa, type LearnOptions, type LearnResult, qLearning, sarsa, sarsaLambda, watkinsQ } from "../../solvers/learning/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { type Distance, distanceToOptimal } from "../distance-to-optimal.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural, seconds, short } from "../format-number.ts";
import { gridView, indented } from "../grid-view.ts";
import { jsonLine } from "../json-line.ts";
import { type LoadedModel, loadDiscountedModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { readPriorFile } from "../prior-file.ts";
import { Progress } from "../progress.ts";
import { type Style, styleOf } from "../style.ts";
import { pathIn, writeChunks, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

const METHODS = ["q-learning", "sarsa", "expected-sarsa", "double-q-learning", "sarsa-lambda", "watkins-q"] as const;

type MethodName = (typeof METHODS)[number];

/** The default rate of the methods with traces: one that falls from 1 makes them diverge where states are met again. */
const TRACE_RATE = 0.1;

/** How closely the exact answer that the learner is measured against is known. */
const EXACT = 1e-9;

export const learn: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<model>", MODEL_HELP))
      .option("--method <word>", `one of ${METHODS.join(", ")} (default: q-learning)`)
      .option("--steps <number>", "how many steps to learn from (default: 100000)")
      .option("--seed <number>", "names the random numbers: the same seed, the same run (default: 0)")
      .option("--explore <number>", "the epsilon of epsilon-greedy exploration, 0 to 1 (default: 0.1)")
      .option("--learning-rate <number>", "a constant rate in (0, 1] (default: one that falls with visits, 0.1 with traces)")
      .option("--lambda <number>", "for sarsa-lambda and watkins-q, 0 to 1 (default: 0.9)")
      .option("--max-steps <number>", "cut episodes off after so many steps (default: the model's own limit, if any)")
      .option("--prior <file>", "seed Q with a prior that `mdpkit prior --json` wrote")
      .option("--prior-weight <number>", "how much the prior weighs, in units of reward")
      .option("--json", "print one JSON object and nothing else")
      .option("--out <file>", "write the same object to a file")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit learn maze --steps 20000 --seed 7", "Q-learning on the seed maze"],
          ["mdpkit learn cliff-walking --method sarsa --json", "for a script"],
          ["mdpkit learn maze --prior prior.json", "seeded with a language model's advice"],
        ]),
      );
  },
  run,
};

function readSettings(invocation: Invocation) {
  const read = new OptionReader(invocation.options);
  const settings = {
    model: readModelOptions(read),
    method: read.oneOf("method", METHODS) ?? "q-learning",
    steps: read.number("steps", { min: 1, integer: true }) ?? 100_000,
    seed: read.number("seed", { min: 0, integer: true }) ?? 0,
    explore: read.number("explore", { min: 0, max: 1 }) ?? 0.1,
    learningRate: read.number("learningRate", { min: 0, max: 1, above: true }),
    lambda: read.number("lambda", { min: 0, max: 1 }),
    maxSteps: read.number("maxSteps", { min: 1, integer: true }),
    prior: read.text("prior"),
    priorWeight: read.number("priorWeight", { min: 0 }),
    json: read.flag("json"),
    out: read.text("out"),
    quiet: read.flag("quiet"),
  };
  if (settings.lambda !== undefined && !tracesOf(settings.method))
    read.fault(`--lambda is given with --method ${settings.method}, expected sarsa-lambda or watkins-q.`);
  if (settings.priorWeight !== undefined && settings.prior === undefined) read.fault("--prior-weight is given without --prior, expected both.");
  if (settings.out !== undefined && !/\.json$/i.test(settings.out)) read.fault(`--out is ${JSON.stringify(settings.out)}, expected a name that ends in .json.`);
  read.done();
  return settings;
}

function tracesOf(method: MethodName): boolean {
  return method === "sarsa-lambda" || method === "watkins-q";
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { world } = invocation;
  const settings = readSettings(invocation);
  if (settings.out !== undefined) await checkWritable(pathIn(world, settings.out));
  const model = await loadDiscountedModel(world, argumentOf(invocation, 0), settings.model);
  const { mdp } = model;
  const prior = settings.prior === undefined ? undefined : await readPriorFile(world, settings.prior, mdp);
  const progress = new Progress(world, settings.quiet);
  const learned = await learnWith(settings.method, model, settings.lambda, settings.maxSteps ?? model.builtIn?.maxSteps, {
    steps: settings.steps,
    seed: settings.seed,
    explore: epsilonGreedy(settings.explore),
    learningRate: settings.learningRate ?? (tracesOf(settings.method) ? TRACE_RATE : undefined),
    prior: prior?.policy,
    priorWeight: settings.priorWeight,
    signal: world.signal,
    onProgress: ({ steps, episodes }) => progress.bar(steps / settings.steps, `${settings.method}, ${plural(episodes, "episode")}`),
  }).finally(() => progress.clear());
  // An interrupted run is still measured: the exact answer is quick where learning was meant to be.
  const exact = await solve(mdp, { epsilon: EXACT, maxSeconds: 60, onProgress: () => progress.show("solving exactly to compare") }).finally(() =>
    progress.clear(),
  );
  const distance = await distanceToOptimal(learned, exact);
  const object = () =>
    jsonLine({
      q: qRows(learned.q),
      value: learned.value.array,
      policy: learned.policy.toActions(),
      episodes: learned.episodes,
      steps: learned.steps,
      seconds: learned.seconds,
      distanceToOptimal: distance,
    });
  if (settings.out !== undefined) await writeFileAtomically(pathIn(world, settings.out), object());
  if (settings.json) await writeChunks(world.stdout, object());
  else if (!settings.quiet) await writeText(world.stdout, learnView(model, learned, distance, styleOf(world.stdout, world.env)));
  return learned.status === "aborted" ? EXIT.interrupted : EXIT.ok;
}

function learnWith(
  method: MethodName,
  model: LoadedModel,
  lambda = 0.9,
  maxSteps: number | undefined,
  options: LearnOptions<Label, Label>,
): Promise<LearnResult<Label, Label>> {
  const env = toEnv(model.mdp, { maxSteps });
  switch (method) {
    case "q-learning":
      return qLearning(env, options);
    case "sarsa":
      return sarsa(env, options);
    case "expected-sarsa":
      return expectedSarsa(env, options);
    case "double-q-learning":
      return doubleQLearning(env, options);
    case "sarsa-lambda":
      return sarsaLambda(env, { ...options, lambda });
    case "watkins-q":
      return watkinsQ(env, { ...options, lambda });
  }
}

/** A row a state, a number an action, NaN where infeasible. */
function* qRows(q: ChoiceTable<Label, Label>): Generator<Float64Array> {
  const dense = q.toDense();
  const width = q.actions.size;
  for (let s = 0; s < q.states.size; s++) yield dense.subarray(s * width, (s + 1) * width);
}

function learnView(model: LoadedModel, learned: LearnResult<Label, Label>, distance: Distance, style: Style): string {
  const grid = gridView(model.builtIn, learned.value.array, learned.policy);
  return [
    `${style.bold(model.name)}: ${learned.method}, ${plural(learned.steps, "step")}, ${plural(learned.episodes, "episode")}, ${seconds(learned.seconds)}${learned.status === "aborted" ? style.yellow(", interrupted") : ""}`,
    `largest error of Q over visited choices: ${short(distance.q, 4)}`,
    `regret of the greedy policy at the start: ${distance.regret === 0 ? style.green("0") : short(distance.regret, 4)}`,
    ...(grid === undefined ? [] : ["", indented(grid)]),
    "",
  ].join("\n");
}
