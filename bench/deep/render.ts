// docs/deep-q-learning.md from the runs: every number of it.
import { spread } from "../../src/solvers/index.ts";
import type { DeepProblem } from "./problems.ts";
import type { DeepRun } from "./results.ts";

const TEXT = `# Deep Q-learning, measured

Written by \`npx tsx bench/deep-q.ts\` from \`bench/results/deep-q.jsonl\`; the settings stand in \`bench/deep/problems.ts\`.

\`deepQLearning\` claims no certificate. For built-ins the *policy* it learned is evaluated exactly, with proven bounds (\`evaluatePolicy\`), and set beside the
exact optimum; the network's own estimate is shown too. Of the networks looked at while learning, the one of the best mean return in greedy episodes is
answered: for built-ins a look every 1,000 steps, by one episode where nothing is left to chance, else by 500; for CartPole a look every 2,000 steps, by 100
episodes, ended at a mean of 490. No look sees an exact value; CartPole's figure is of 100 other episodes than those it was picked by.
`;

export async function render(problems: readonly DeepProblem[], runs: readonly DeepRun[]): Promise<string> {
  const lines = [TEXT];
  lines.push(
    "| problem | target | seeds | value: median [least..most] | reached | network's own estimate | steps | CPU seconds a run |",
    "|---|---|---|---|---|---|---|---|",
  );
  for (const problem of problems) {
    const own = runs.filter((run) => run.problem === problem.name);
    if (own.length === 0) continue;
    const target = await problem.target();
    // Within 5% of an exact value; CartPole's mark as it stands.
    const good = own.filter(({ value }) => (problem.name === "cart-pole" ? value >= target : Math.abs(value - target) <= 0.05 * Math.abs(target)));
    const estimates = own.flatMap(({ estimate }) => estimate ?? []);
    lines.push(
      `| ${problem.name} | ${number(target)} | ${own.length} | ${shown(own.map(({ value }) => value))} | ${good.length} of ${own.length} | ${estimates.length > 0 ? shown(estimates) : "-"} | ${shown(own.map(({ steps }) => steps))} | ${shown(own.map(({ cpuSeconds }) => cpuSeconds))} |`,
    );
  }
  lines.push("", "Reached: within 5% of the exact start value; for CartPole, a mean return of 475.", "");
  for (const problem of problems) {
    const own = runs.filter((run) => run.problem === problem.name);
    if (own.length === 0) continue;
    lines.push(
      `## ${problem.name}`,
      "",
      `The network sees ${problem.features}. Settings: \`${JSON.stringify(problem.settings)}\`, exploration ${problem.explore}.`,
      "",
      `By seed: ${own.map(({ seed, value }) => `${seed}: ${number(value)}`).join(", ")}.`,
      "",
    );
  }
  const machines = [
    ...new Set(
      runs.map(({ machine }) => `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Node ${machine.node}, ${machine.date.slice(0, 10)}`),
    ),
  ];
  const backends = [
    ...new Set(runs.map(({ backend }) => (backend === "tensorflow" ? "tfjs-node 4.22 (TensorFlow's own library)" : `tfjs-backend-${backend}`))),
  ];
  lines.push(`Machine: ${machines.join("; ")}; ${backends.join(", ")}. It was busy with other work, so CPU seconds are told, not wall time.`);
  return `${lines.join("\n")}\n`;
}

function shown(sample: readonly number[]): string {
  const { median, min, max } = spread(sample);
  return `${number(median)} [${number(min)}..${number(max)}]`;
}

function number(x: number): string {
  return Number.isInteger(x) ? String(x) : String(Number(x.toPrecision(4)));
}
