// mdpkit agent: the loop that perceives, prompts, plans, parses, executes and feeds back, in one episode of a model.
import { readTrace, type Trace } from "../../agent/index.ts";
import { endView, type LoopSettings, MOST_STATES_ASKED, runLoop, stepView } from "../agent-loop.ts";
import { agentReport } from "../agent-report.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { jsonLine } from "../json-line.ts";
import { llmOptions, readLlmOptions } from "../llm-options.ts";
import { inFile, loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { readBytes } from "../read-file.ts";
import { styleOf } from "../style.ts";
import { traceFile } from "../trace-file.ts";
import { pathIn, type World, writeChunks, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

export const agent: CommandModule = {
  declare(command) {
    llmOptions(modelOptions(command.argument("<model>", MODEL_HELP)))
      .option("--steps <number>", "the most steps of the episode (default: 50)")
      .option("--seed <number>", "names the environment's random numbers (default: 0)")
      .option("--no-shield", "let the agent try moves that are blocked: whose only successor is the state itself")
      .option("--no-calibrate", `do not take away the model's leaning to some actions, which asks about every state first, up to ${MOST_STATES_ASKED}`)
      .option("--plan <number>", "take plans of up to so many steps, checked against the model, from models that answer in text")
      .option("--trace <file>", "write the trace as lines of JSON, each as soon as it is made")
      .option("--resume <file>", "go on with the run of a trace; its steps are taken again first, and its seed is used")
      .option("--report <file>", "write the run as one .html file, to read")
      .option("--json", "print the whole trace as one JSON object and nothing else")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit agent maze", "with the recording that comes with mdpkit"],
          ["mdpkit agent maze --steps 3 --trace run.jsonl", "three steps; then go on: --resume run.jsonl --trace run.jsonl"],
          ["mdpkit agent frozen-lake:4x4 --llm http://127.0.0.1:8080/v1 --steps 100", "with a server"],
        ]),
      );
  },
  run,
};

async function run(invocation: Invocation): Promise<ExitCode> {
  const { options, world } = invocation;
  const read = new OptionReader(options);
  const llm = readLlmOptions(read);
  const settings = readModelOptions(read);
  const loop: LoopSettings = {
    steps: read.number("steps", { min: 1, integer: true }) ?? 50,
    seed: read.number("seed", { min: 0, integer: true }) ?? 0,
    shield: options.shield !== false,
    calibrate: options.calibrate !== false,
    longestPlan: read.number("plan", { min: 1, max: 1000, integer: true }),
  };
  const files = { trace: read.text("trace"), resume: read.text("resume"), report: read.text("report") };
  if (files.report !== undefined && !/\.html?$/i.test(files.report))
    read.fault(`--report is ${JSON.stringify(files.report)}, expected a name that ends in .html.`);
  const [json, quiet] = [read.flag("json"), read.flag("quiet")];
  read.done();
  for (const file of [files.trace, files.report]) if (file !== undefined) await checkWritable(pathIn(world, file));
  const model = await loadModel(world, argumentOf(invocation, 0), settings);
  const resume = files.resume === undefined ? undefined : await readTraceFile(world, files.resume);
  const onRecord = files.trace === undefined ? undefined : traceFile(pathIn(world, files.trace), resume);
  const style = styleOf(world.stdout, world.env);
  const texts: string[] = [];
  const result = await runLoop(
    world,
    model,
    llm,
    { ...loop, resume, onRecord },
    new Progress(world, quiet),
    (step) => void texts.push(stepView(model, step, style)),
  );
  if (files.report !== undefined) await writeFileAtomically(pathIn(world, files.report), agentReport(model, result, invocation.args));
  // What failed is told as every command tells it; the trace and the report are written by then.
  if (result.error !== undefined) throw result.error;
  if (json) await writeChunks(world.stdout, jsonLine(result.trace));
  else if (!quiet)
    await writeText(world.stdout, [`${style.bold(model.name)}: ${result.trace.header.planner}`, ...texts, endView(result, style), ""].join("\n"));
  return result.status === "aborted" ? EXIT.interrupted : EXIT.ok;
}

async function readTraceFile(world: World, name: string): Promise<Trace> {
  const bytes = await readBytes(world, name);
  try {
    // What a killed run left is as good as a whole trace.
    return readTrace(new TextDecoder().decode(bytes), { cutOff: true });
  } catch (error) {
    throw inFile(name, error);
  }
}
