// What the four examples share: a recorded language model plays behind a shield; all it does is measured, explained and put into a report.
import { writeFileSync } from "node:fs";
import {
  explainStep,
  guardedPolicy,
  guardedProcess,
  type Mdp,
  methodSummary,
  modelFacts,
  Policy,
  policySpace,
  type ReportData,
  renderReport,
  riskShield,
  runAgent,
  scorerPlanner,
  solve,
  toEnv,
  worstHarm,
} from "mdpkit";
import { agentSection, type MeasuredAgent, type PlainBounds } from "mdpkit/report";
import { atStart, EPSILON, measure, plain, regretOf } from "./certified.ts";
import { type Advice, recordedPrior } from "./recorded-prior.ts";

export interface Example<S, A> extends Advice<S> {
  readonly title: string;
  readonly summary: string;
  readonly mdp: Mdp<S, A>;
  readonly harmful: (state: S) => boolean;
  /** The largest probability of harm in a run. */
  readonly limit: number;
  /** Budgets are multiples of limit / steps: fewer make a smaller guarded process. */
  readonly steps: number;
  /** Names the random numbers of the run that is shown. */
  readonly seed: number;
  /** A map, and where a state lies on it. */
  readonly map?: { readonly grid: NonNullable<ReportData["grid"]>; readonly cellOf: (state: S) => number } | undefined;
}

/** Prints the certified figures and one run, and writes NAME-report.html into the current folder. */
export async function play<S, A>(example: Example<S, A>): Promise<void> {
  const { mdp, harmful, limit, steps } = example;
  const { prior, scorer } = await recordedPrior(mdp, example);
  const best = await solve(mdp, { epsilon: 1e-9 });
  const optimum = atStart(mdp, best);

  const shield = await riskShield(mdp, { harmful, limit, steps, towards: best.policy });
  const guarded = await guardedProcess(shield);
  const worst = await worstHarm(guarded, { epsilon: EPSILON });
  const bestGuarded = await solve(guarded.mdp, { epsilon: EPSILON });
  // The agent takes the action its model thinks most of; behind the shield, of those that are allowed.
  const greedy = Policy.deterministic(
    policySpace(mdp),
    Int32Array.from({ length: mdp.stateCount }, (_, s) => prior.policy.modeAt(s)),
  );
  const guardedHarm = ({ state }: { readonly state: S }) => harmful(state);
  const agents: MeasuredAgent[] = [
    await measure("the optimum, no shield", mdp, best.policy, harmful, optimum),
    await measure("the language model, no shield", mdp, greedy, harmful, optimum),
    await measure(
      "the language model behind the shield",
      guarded.mdp,
      guardedPolicy(guarded, prior.policy, { ranked: true }),
      guardedHarm,
      optimum,
      worst.upper,
    ),
    {
      ...(await measure("the best behind the shield", guarded.mdp, bestGuarded.policy, guardedHarm, optimum, worst.upper)),
      regret: plain(regretOf(optimum, bestGuarded)),
    },
  ];
  console.log(`${example.name}: ${mdp.stateCount} states, ${mdp.actionCount} actions; ${prior.provenance}, ${prior.prompts} prompts`);
  console.log(`${"".padEnd(38)}${"return".padStart(12)}${"regret V* - V".padStart(32)}${"harm".padStart(12)}`);
  for (const agent of agents) {
    console.log(
      `${agent.name.padEnd(38)}${short(agent.value.value).padStart(12)}${interval(agent.regret).padStart(32)}${short(agent.harm?.value ?? "").padStart(12)}`,
    );
  }
  console.log(
    `whatever an agent does behind the shield, harm has probability at most ${worst.upper} (limit ${limit}; ${guarded.mdp.stateCount} states with budgets)`,
  );

  const planner = await scorerPlanner(scorer, {
    actions: mdp.actions.toArray().map(String),
    task: example.task,
    examples: example.examples,
    leaning: prior.leaning,
  });
  const result = await runAgent({
    env: toEnv(mdp),
    planner,
    shield,
    perceive: (state) => example.describe(state),
    explain: (moment) => explainStep(best, moment),
    budgets: { steps: 60 },
    seed: example.seed,
  });
  for (const { step, action, explanation } of result.trace.steps.slice(0, 4)) console.log(`${step + 1}. ${action}: ${explanation?.sentence}`);
  console.log(`${result.status} after ${result.steps} steps, return ${short(result.totalReward)}, ${result.trace.end.blocked} actions refused`);

  const section = agentSection(result, { name: "the agent's language model", kind: "recording", model: prior.model, date: prior.recordedAt?.slice(0, 10) });
  const { map } = example;
  const onMap = (state: number) => map?.cellOf(mdp.states.at(state)) ?? state;
  const file = `${example.name}-report.html`;
  writeFileSync(
    file,
    renderReport({
      title: example.title,
      summary: example.summary,
      model: modelFacts(mdp),
      grid: map?.grid,
      methods: [methodSummary(best), methodSummary(bestGuarded, "best behind the shield")],
      safety: {
        promise: shield.promise,
        limit,
        least: plain({ value: shield.least.at(mdp.states.at(0)), lower: 0, upper: shield.least.at(mdp.states.at(0)) }),
        worst: plain({ value: worst.upper, ...worst }),
        agents,
        note: `The language model is a ${prior.provenance}.`,
      },
      agent: map === undefined ? section : { ...section, steps: section.steps.map((step) => ({ ...step, state: onMap(step.state), next: onMap(step.next) })) },
      provenance: {
        version: "0.1.0",
        date: new Date().toISOString().slice(0, 10),
        runtime: `Node ${process.versions.node}`,
        command: `examples/agents/${example.name}.ts`,
        seed: example.seed,
      },
    }),
  );
  console.log(`wrote ${file}`);
}

function short(x: number | string): string {
  return typeof x === "number" ? String(Number(x.toPrecision(5))) : x;
}

function interval(bounds: PlainBounds | undefined): string {
  return bounds === undefined ? "" : `[${precise(bounds.lower)}, ${precise(bounds.upper)}]`;
}

/** Rounded for reading; the report has the distance of the bounds. */
function precise(x: number | string): string {
  return typeof x === "number" ? String(Number(x.toPrecision(10))) : x;
}
