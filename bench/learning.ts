// Steps of Q-learning a second on one core: through the public step, compiled, and in C. All make the same run: their Q agree bit for bit.
// Run: npx tsx bench/learning.ts [--steps N] [--repeats N]
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { grid, toEnv } from "../src/envs/index.ts";
import type { Label, Mdp } from "../src/mdp/index.ts";
import { Rng } from "../src/numeric/index.ts";
import { epsilonGreedy } from "../src/policies/index.ts";
import { qLearning, spread } from "../src/solvers/learning/index.ts";
import { bitsOf, modelFile } from "./c/model-file.ts";

const SETTINGS = { maxSteps: 1000, seed: 0, epsilon: 0.1, rate: 0.1 };

type Model = Mdp<Label, Label>;

/** One measurement: processor seconds of `steps` steps, which other work on the machine does not count in, and the bits of the Q they led to. */
interface Measured {
  readonly seconds: number;
  readonly bits: string;
}

/** Processor seconds of this process since `start`. */
function processorSeconds(start?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** `qLearning` in the environment of a model; the copy of an explorer is one that only the generic loop follows. */
async function learner(mdp: Model, steps: number, compiled: boolean): Promise<Measured> {
  const known = epsilonGreedy(SETTINGS.epsilon);
  const { maxSteps, seed, rate } = SETTINGS;
  const before = process.cpuUsage();
  const { q } = await qLearning(toEnv(mdp, { maxSteps }), {
    steps,
    seed,
    learningRate: rate,
    explore: compiled ? known : { ...known },
    evaluate: { every: steps },
  });
  return { seconds: processorSeconds(before), bits: bitsOf(q.array) };
}

/** The same algorithm written by hand around `reset` and `step`, as a user would. */
function byHand(mdp: Model, steps: number): Measured {
  const env = toEnv(mdp, { maxSteps: SETTINGS.maxSteps, seed: `${SETTINGS.seed}:env` });
  const rng = new Rng(`${SETTINGS.seed}:learner`);
  const explore = epsilonGreedy(SETTINGS.epsilon);
  const { stateChoices, choiceAction } = env.choices;
  const discount = env.discount ?? 1;
  const before = process.cpuUsage();
  const q = new Float64Array(choiceAction.length);
  let choice = -1;
  for (let i = 0; i < steps; i++) {
    if (choice < 0) {
      const { state } = env.reset();
      choice = explore.pick(q, stateChoices[state]!, stateChoices[state + 1]!, rng, i);
    }
    const step = env.step(choiceAction[choice]!);
    const from = stateChoices[step.state]!;
    const to = stateChoices[step.state + 1]!;
    let best = 0;
    if (!step.terminated) {
      best = q[from]!;
      for (let c = from + 1; c < to; c++) if (q[c]! > best) best = q[c]!;
    }
    const old = q[choice]!;
    q[choice] = old + SETTINGS.rate * (step.reward + discount * best - old);
    choice = step.terminated || step.truncated ? -1 : explore.pick(q, from, to, rng, i + 1);
  }
  return { seconds: processorSeconds(before), bits: bitsOf(q) };
}

/** Compiles the C loop; undefined, with a word, where there is no compiler. */
function compileC(folder: string): string | undefined {
  const program = join(folder, "q-learning");
  const source = fileURLToPath(new URL("c/q-learning.c", import.meta.url));
  const { status, error, stderr } = spawnSync("gcc", ["-O3", "-march=native", "-ffp-contract=off", source, "-o", program], { encoding: "utf8" });
  if (status === 0) return program;
  console.log(`No C loop: ${error === undefined ? stderr.trim() : "gcc is not here"}.\n`);
  return undefined;
}

function number(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const steps = number("--steps", 5e6);
const repeats = number("--repeats", 7);
const folder = mkdtempSync(join(tmpdir(), "mdpkit-bench-"));
const program = compileC(folder);
console.log(
  `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
);
console.log(
  `Q-learning, epsilon-greedy 0.1, learning rate 0.1, grids with slip 0.2; ${steps} steps, ${repeats} repeats in turn, million steps a processor second\n`,
);
console.log(`${"grid".padEnd(10)}${"loop".padEnd(34)}${"median [least..most]".padEnd(26)}of C, repeat by repeat`);

for (const size of [30, 100]) {
  const { mdp } = grid({ rows: size, columns: size, slip: 0.2 });
  const file = join(folder, `grid${size}`);
  writeFileSync(file, modelFile(mdp, SETTINGS));
  const inC = (): Measured => {
    const [seconds = "", , bits = ""] = execFileSync(program ?? "", [file, String(steps), "1"], { encoding: "utf8" })
      .trim()
      .split(" ");
    return { seconds: Number(seconds), bits };
  };
  const loops: Record<string, () => Measured | Promise<Measured>> = {
    ...(program === undefined ? {} : { "C, gcc -O3 -march=native": inC }),
    "compiled qLearning": () => learner(mdp, steps, true),
    "qLearning through step": () => learner(mdp, steps, false),
    "by hand through step": () => byHand(mdp, steps),
  };
  const rates = new Map(Object.keys(loops).map((name) => [name, [] as number[]]));
  const bits = new Set<string>();
  // The first round warms up and does not count. In turn, so that a busy machine is busy for all.
  for (let k = 0; k <= repeats; k++) {
    for (const [name, run] of Object.entries(loops)) {
      const measured = await run();
      bits.add(measured.bits);
      if (k > 0) rates.get(name)?.push(steps / measured.seconds / 1e6);
    }
  }
  const ofC = rates.get("C, gcc -O3 -march=native");
  for (const [name, sample] of rates) {
    const { median, min, max } = spread(sample);
    const ratio = ofC === undefined ? "" : `${spread(sample.map((rate, k) => rate / (ofC[k] ?? Number.NaN))).median.toFixed(2)}`;
    console.log(`${`${size}x${size}`.padEnd(10)}${name.padEnd(34)}${`${median.toFixed(1)} [${min.toFixed(1)}..${max.toFixed(1)}]`.padEnd(26)}${ratio}`);
  }
  console.log(bits.size === 1 ? "          all with the same Q, bit for bit\n" : `          Q DIFFER: ${[...bits].join(", ")}\n`);
  if (bits.size !== 1) process.exitCode = 1;
}
rmSync(folder, { recursive: true });
