// mdpkit solve: a model solved with proven bounds, as a JSON object, a file, a report or text.
import { type SavedSolution, solutionJsonPieces } from "../../formats/index.ts";
import type { Device, Threads } from "../../kernels/index.ts";
import type { Label, Mdp } from "../../mdp/index.ts";
import { type FiniteHorizonSolution, finiteHorizon, type Solution, type SolveProgress, solve } from "../../solvers/index.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { DEVICES, solverDevice } from "../device.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural, seconds, short } from "../format-number.ts";
import { type LoadedModel, loadDiscountedModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { resultContent, resultFormatOf } from "../result-file.ts";
import { savedHorizon, savedSolution } from "../saved-result.ts";
import { solutionReport } from "../solution-report.ts";
import { horizonView, solutionView } from "../solution-view.ts";
import { styleOf } from "../style.ts";
import { pathIn, type World, writeChunks, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

const METHODS = ["auto", "value-iteration", "gauss-seidel", "policy-iteration", "modified-policy-iteration"] as const;

export const solveCommand: CommandModule = {
  declare(command) {
    modelOptions(command.argument("<model>", MODEL_HELP))
      .option("--method <word>", `one of ${METHODS.join(", ")} (default: auto)`)
      .option("--epsilon <number>", "the largest true error of any value, absolute (default: 1e-6)")
      .option("--max-sweeps <number>", "stop after so many sweeps (default: no limit)")
      .option("--max-seconds <number>", "stop after so long (default: no limit)")
      .option("--horizon <number>", "solve for so many decisions instead of for ever")
      .option("--device <word>", `one of ${DEVICES.join(", ")} (default: auto)`)
      .option("--threads <number>", "auto (default: one a core for large models) or a number; the answer is the same to the last bit")
      .option("--json", "print one JSON object and nothing else")
      .option("--q", "include Q also above 10,000 states")
      .option("--out <file>", "write the result as .json or .npz")
      .option("--report <file>", "write a picture of the result as one .html file")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit solve maze", "value and policy of the seed maze"],
          ["mdpkit solve model.json --discount 0.95 --json", "a file, for a script"],
          ["mdpkit solve gambler:p=0.4 --epsilon 1e-12", "undiscounted, to twelve digits"],
          ["mdpkit solve taxi --out taxi.npz --report taxi.html", "for numpy, and to look at"],
          ["mdpkit solve inventory --horizon 12 --json", "the best plan for twelve decisions"],
        ]),
      );
  },
  run,
};

type Settings = ReturnType<typeof readSettings>;

function readSettings(invocation: Invocation) {
  const read = new OptionReader(invocation.options);
  const settings = {
    model: readModelOptions(read),
    method: read.oneOf("method", METHODS),
    epsilon: read.number("epsilon", { min: 0, above: true }),
    maxSweeps: read.number("maxSweeps", { min: 1, integer: true }),
    maxSeconds: read.number("maxSeconds", { min: 0, above: true }),
    horizon: read.number("horizon", { min: 1, integer: true }),
    device: read.oneOf("device", DEVICES),
    threads: readThreads(read),
    json: read.flag("json"),
    q: read.flag("q") ? true : undefined,
    quiet: read.flag("quiet"),
    out: read.text("out"),
    report: read.text("report"),
  };
  if (settings.out !== undefined && resultFormatOf(settings.out) === undefined)
    read.fault(`--out is ${JSON.stringify(settings.out)}, expected a name that ends in .json or .npz.`);
  if (settings.report !== undefined && !/\.html?$/i.test(settings.report))
    read.fault(`--report is ${JSON.stringify(settings.report)}, expected a name that ends in .html.`);
  if (settings.horizon !== undefined) {
    if (settings.out !== undefined && resultFormatOf(settings.out) === "npz")
      read.fault("--horizon and an --out in npz are both given, expected .json: npz holds no stages.");
    for (const other of ["method", "epsilon", "maxSweeps", "maxSeconds", "report"] as const) {
      if (settings[other] !== undefined)
        read.fault(
          `--horizon and --${other.replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`)} are both given, expected one: backward induction is exact and takes as many sweeps as there are decisions.`,
        );
    }
  }
  read.done();
  return settings;
}

function readThreads(read: OptionReader): Threads | undefined {
  const threads = read.text("threads");
  if (threads === undefined || threads === "auto") return threads;
  return read.number("threads", { min: 1, max: 256, integer: true });
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { world } = invocation;
  const settings = readSettings(invocation);
  const device = await solverDevice(settings.device, settings.horizon);
  for (const file of [settings.out, settings.report]) if (file !== undefined) await checkWritable(pathIn(world, file));
  const model = await loadDiscountedModel(world, argumentOf(invocation, 0), settings.model);
  world.signal.throwIfAborted();
  return settings.horizon === undefined ? solveForEver(world, model, settings, device) : solveHorizon(world, model, settings, device, settings.horizon);
}

async function solveForEver(world: World, model: LoadedModel, settings: Settings, device: Device): Promise<ExitCode> {
  const progress = new Progress(world, settings.quiet);
  const { method, epsilon, maxSweeps, maxSeconds } = settings;
  let solution: Solution<Label, Label>;
  try {
    solution = await solve(model.mdp, {
      method,
      epsilon,
      maxSweeps,
      maxSeconds,
      device,
      threads: settings.threads,
      signal: world.signal,
      onProgress: (now) => progress.show(progressLine(now)),
    });
  } finally {
    progress.clear();
  }
  if (settings.report !== undefined) await writeFileAtomically(pathIn(world, settings.report), solutionReport(model, solution));
  await writeOut(world, settings, model.mdp, () => savedSolution(solution, { load: model.seconds, q: settings.q }));
  if (!settings.json && !settings.quiet) await writeText(world.stdout, solutionView(model, solution, styleOf(world.stdout, world.env)));
  if (solution.status === "converged") return EXIT.ok;
  await writeText(world.stderr, `${notConverged(solution)}\n`);
  return solution.status === "aborted" ? EXIT.interrupted : EXIT.notConverged;
}

async function solveHorizon(world: World, model: LoadedModel, settings: Settings, device: Device, horizon: number): Promise<ExitCode> {
  const progress = new Progress(world, settings.quiet);
  let solution: FiniteHorizonSolution<Label, Label>;
  try {
    solution = await finiteHorizon(model.mdp, {
      horizon,
      device,
      threads: settings.threads,
      signal: world.signal,
      onProgress: ({ sweep }) => progress.bar(sweep / horizon, "backward induction"),
    });
  } finally {
    progress.clear();
  }
  await writeOut(world, settings, model.mdp, () => savedHorizon(solution, { load: model.seconds, q: settings.q }));
  if (!settings.json && !settings.quiet) await writeText(world.stdout, horizonView(model, solution, styleOf(world.stdout, world.env)));
  if (solution.status === "converged") return EXIT.ok;
  await writeText(world.stderr, `interrupted after ${solution.stages.length} of ${plural(horizon, "stage")}\n`);
  return EXIT.interrupted;
}

/** The result into its file and onto standard output, file first: where it fails, nothing is printed. */
async function writeOut(world: World, settings: Settings, mdp: Mdp<Label, Label>, save: () => SavedSolution): Promise<void> {
  if (settings.out === undefined && !settings.json) return;
  const saved = save();
  const format = settings.out === undefined ? undefined : resultFormatOf(settings.out);
  if (settings.out !== undefined && format !== undefined) await writeFileAtomically(pathIn(world, settings.out), resultContent(saved, mdp.actions, format));
  if (!settings.json) return;
  await writeChunks(world.stdout, solutionJsonPieces(saved));
  await writeText(world.stdout, "\n");
}

function progressLine({ method, sweep, residual, gap, seconds: spent }: SolveProgress): string {
  return `${method}: ${plural(sweep, "sweep")}, residual ${short(residual, 3)}${Number.isFinite(gap) ? `, gap ${short(gap, 3)}` : ""}, ${seconds(spent)}`;
}

/** Why the exit code is not 0. */
function notConverged({ status, sweeps, gap, epsilon }: Solution<Label, Label>): string {
  const where = `solve stopped with status ${status} after ${plural(sweeps, "sweep")}: half the gap is ${short(gap / 2, 3)}, expected at most epsilon ${short(epsilon)}.`;
  if (status === "precision") return `${where} Hint: float64 cannot prove more here; ask for a larger --epsilon.`;
  return status === "aborted" ? `${where} It was interrupted; what is printed holds as far as it goes.` : `${where} Hint: raise --max-sweeps or --max-seconds.`;
}
