// mdpkit agent: the loop that perceives, prompts, plans, parses, executes and feeds back, in one episode of a model.
import { endView, type LoopSettings, MOST_STATES_ASKED, runLoop, stepView } from "../agent-loop.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { jsonLine } from "../json-line.ts";
import { llmOptions, readLlmOptions } from "../llm-options.ts";
import { loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { styleOf } from "../style.ts";
import { writeChunks, writeText } from "../world.ts";

export const agent: CommandModule = {
  declare(command) {
    llmOptions(modelOptions(command.argument("<model>", MODEL_HELP)))
      .option("--steps <number>", "the most steps of the episode (default: 50)")
      .option("--seed <number>", "names the environment's random numbers (default: 0)")
      .option("--no-shield", "let the agent try moves that are blocked: whose only successor is the state itself")
      .option("--no-calibrate", `do not take away the model's leaning to some actions, which asks about every state first, up to ${MOST_STATES_ASKED}`)
      .option("--json", "print the whole trace as one JSON object and nothing else")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit agent maze", "with the recording that comes with mdpkit"],
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
  };
  const [json, quiet] = [read.flag("json"), read.flag("quiet")];
  read.done();
  const model = await loadModel(world, argumentOf(invocation, 0), settings);
  const style = styleOf(world.stdout, world.env);
  const texts: string[] = [];
  const result = await runLoop(world, model, llm, loop, new Progress(world, quiet), (step) => void texts.push(stepView(model, step, style)));
  if (json) await writeChunks(world.stdout, jsonLine(result.trace));
  else if (!quiet)
    await writeText(world.stdout, [`${style.bold(model.name)}: ${result.trace.header.planner}`, ...texts, endView(result, style), ""].join("\n"));
  return result.status === "aborted" ? EXIT.interrupted : EXIT.ok;
}
