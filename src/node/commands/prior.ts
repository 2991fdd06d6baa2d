// mdpkit prior: a language model's probability for every action of every state.
import { priorJsonPieces } from "../../formats/index.ts";
import { processingLines } from "../../llm-prior/index.ts";
import { policySpace } from "../../policies/index.ts";
import { askPrior } from "../ask-prior.ts";
import { argumentOf, type CommandModule, examples, type Invocation, MODEL_HELP, modelOptions } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { plural, short, textTable } from "../format-number.ts";
import { askingOptions, llmOptions, readLlmOptions } from "../llm-options.ts";
import { loadModel, readModelOptions } from "../load-model.ts";
import { OptionReader } from "../options.ts";
import { Progress } from "../progress.ts";
import { styleOf } from "../style.ts";
import { pathIn, writeChunks, writeText } from "../world.ts";
import { checkWritable, writeFileAtomically } from "../write-file.ts";

/** So many states are listed as text. */
const LISTED = 20;

export const prior: CommandModule = {
  declare(command) {
    askingOptions(llmOptions(modelOptions(command.argument("<model>", MODEL_HELP))))
      .option("--task <text>", "what there is to do, the beginning of every prompt (default: the built-in's own)")
      .option("--no-mask", "do not take probability from blocked moves, whose only successor is the state itself")
      .option("--no-calibrate", "do not take away the model's leaning to some actions whatever the state")
      .option("--length-normalise", "divide log-probabilities by the answers' lengths in tokens, where the server tells them")
      .option("--temperature <t>", "divide scores by this: above 1 flatter, below 1 sharper (default: 1)")
      .option("--floor <share>", "probability spread evenly over a state's actions (default: 0.01)")
      .option("--json", "print one JSON object and nothing else")
      .option("--out <file>", "write the same object to a .json file")
      .option("--quiet", "print no text and no progress")
      .addHelpText(
        "after",
        examples([
          ["mdpkit prior frozen-lake:4x4 --llm http://127.0.0.1:8080/v1", "ask a server"],
          ["mdpkit prior maze --json > prior.json", "the recording that comes with mdpkit"],
          ["mdpkit compare maze --prior prior.json", "what it is worth"],
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
  const wishes = {
    task: read.text("task"),
    mask: options.mask !== false,
    calibrate: options.calibrate !== false,
    lengthNormalise: read.flag("lengthNormalise"),
    temperature: read.number("temperature", { min: 0, above: true }),
    floor: read.number("floor", { min: 0, above: true, max: 0.99 }),
  };
  const [json, quiet, out] = [read.flag("json"), read.flag("quiet"), read.text("out")];
  if (out !== undefined && !/\.json$/i.test(out)) read.fault(`--out is ${JSON.stringify(out)}, expected a name that ends in .json.`);
  read.done();
  if (out !== undefined) await checkWritable(pathIn(world, out));
  const model = await loadModel(world, argumentOf(invocation, 0), settings);
  const asked = await askPrior(world, model, llm, { ...wishes, progress: new Progress(world, quiet) });
  const { method, coverage, calls, cached, model: languageModel, recordedAt, processing } = asked;
  const pieces = () =>
    priorJsonPieces(policySpace(model.mdp), {
      probability: asked.policy.probabilities(),
      method,
      coverage,
      calls,
      cached,
      model: languageModel,
      recordedAt,
      processing: processing === undefined ? undefined : { ...processing },
    });
  if (out !== undefined) await writeFileAtomically(pathIn(world, out), pieces());
  if (json) {
    await writeChunks(world.stdout, pieces());
    await writeText(world.stdout, "\n");
  } else if (!quiet) {
    await writeText(world.stdout, priorView());
  }
  return EXIT.ok;

  function priorView(): string {
    const style = styleOf(world.stdout, world.env);
    const { mdp } = model;
    const probability = asked.policy.probabilities();
    const names = Array.from({ length: mdp.actionCount }, (_, a) => mdp.actions.name(a));
    const rows = [["state", ...names]];
    let more = 0;
    for (let s = 0; s < mdp.stateCount; s++) {
      if (mdp.storage.terminal[s] === 1) continue;
      if (rows.length > LISTED) {
        more++;
        continue;
      }
      const row = new Array<string>(names.length).fill("-");
      for (let c = mdp.storage.stateChoices[s]!; c < mdp.storage.stateChoices[s + 1]!; c++) row[mdp.storage.choiceAction[c]!] = short(probability[c]!, 3);
      rows.push([mdp.states.name(s), ...row]);
    }
    return [
      `${style.bold(model.name)}: ${asked.provenance}`,
      `${plural(asked.prompts, "prompt")}, ${plural(calls, "call")}, ${cached} from the cache; the model put ${short(100 * coverage, 3)}% of its probability on the actions`,
      `by ${method}; ${processing === undefined ? "" : processingLines(processing).join(", ")}`,
      ...asked.notes.map((note) => style.dim(note)),
      "",
      textTable(
        rows,
        rows[0]?.map((_, i) => i > 0),
      ),
      ...(more > 0 ? [`and ${plural(more, "more state")}: --json or --out FILE for all`] : []),
      "",
    ].join("\n");
  }
}
