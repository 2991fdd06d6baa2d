// mdpkit demo: the main job on the seed maze: show, solve, learn, ask, compare, act, report.
import { askPrior, SEED_MAZE } from "../ask-prior.ts";
import { type CommandModule, examples, type Invocation } from "../command.ts";
import type { Demo } from "../demo/context.ts";
import { headline } from "../demo/context.ts";
import { demoReport } from "../demo/demo-report.ts";
import { learnFromSamples } from "../demo/learn-from-samples.ts";
import { measurePriors } from "../demo/measure-priors.ts";
import { showAgent } from "../demo/show-agent.ts";
import { showPrior } from "../demo/show-prior.ts";
import { solveThreeWays } from "../demo/solve-three-ways.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural, seconds } from "../format-number.ts";
import { indented } from "../grid-view.ts";
import { llmOptions, readLlmOptions } from "../llm-options.ts";
import { loadModel } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { styleOf } from "../style.ts";
import { packageVersion } from "../version.ts";
import { pathIn, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

const REPORT = "mdpkit-report.html";

export const demo: CommandModule = {
  declare(command) {
    llmOptions(command)
      .option("--seed <number>", "names every random number of the run (default: 1)")
      .option("--report <file>", `where the report goes (default: ${REPORT} in this folder)`)
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit demo", "with the recording of a language model that comes with mdpkit"],
          ["mdpkit demo --llm http://127.0.0.1:8080/v1", "with a model on a server of your own"],
        ]),
      );
  },
  run,
};

async function run({ options, world }: Invocation): Promise<ExitCode> {
  const started = performance.now();
  const read = new OptionReader(options);
  const llm = readLlmOptions(read);
  const seed = read.number("seed", { min: 0, integer: true }) ?? 1;
  const report = read.text("report") ?? REPORT;
  const quiet = read.flag("quiet");
  if (!/\.html?$/i.test(report)) read.fault(`--report is ${JSON.stringify(report)}, expected a name that ends in .html.`);
  read.done();
  await checkWritable(pathIn(world, report));
  const model = await loadModel(world, SEED_MAZE, { discount: undefined, objective: undefined, format: undefined, normalize: false });
  const style = styleOf(world.stdout, world.env);
  const progress = new Progress(world, quiet);
  const context: Demo = { world, model, llm, seed, style, progress, print: async (text) => void (quiet || (await writeText(world.stdout, `${text}\n`))) };
  // Asked before anything is printed: a server that fails leaves nothing on standard output.
  const prior = await askPrior(world, model, llm, { progress });

  await context.print(`${style.bold(`mdpkit ${packageVersion()}`)}: a Markov decision process solved, learned and set beside a language model`);
  await headline(context, 1, "The seed maze");
  const start = model.mdp.initial?.state[0] ?? 0;
  await context.print(
    `${indented(model.builtIn?.render(start) ?? "", "   ")}\n   A start, G goal, # wall; reward 1 on reaching the goal, discount ${model.mdp.discount}, a blocked move stays`,
  );
  await context.print(`   ${plural(model.mdp.stateCount, "state")}, ${plural(model.mdp.choiceCount, "choice")}`);
  const solutions = await solveThreeWays(context);
  await learnFromSamples(context, solutions.best);
  await showPrior(context, prior, solutions.best);
  const measured = await measurePriors(context, solutions.best, prior);
  const agent = await showAgent(context);
  await writeFileAtomically(pathIn(world, report), demoReport(context, { solutions, prior, measured, agent }));
  await headline(context, 7, `The report: ${report}`);
  await context.print(`   open it in a browser. All in ${seconds((performance.now() - started) / 1000)}.`);
  return EXIT.ok;
}
