// An agent that acts: perceive, prompt, plan, parse, execute, feed back. Its planner answers in words, and a shield keeps it off the thin ice.
import { harmModel, harmShield, makeBuiltIn, Rng, runAgent, solve, textPlanner, toEnv } from "mdpkit";

const lake = makeBuiltIn("frozen-lake:4x4,slippery=false");
const holes = new Set(lake.grid?.statesOf("hole"));

// What each move may cost, however careful everything after it is: exact, from the model.
const risk = await solve(harmModel(lake.mdp, (cell) => holes.has(Number(cell))));

// A planner that talks: it wanders, and now and then says something that is no action at all. A language model goes in its place.
const rng = new Rng("wanderer");
const planner = textPlanner(
  (_prompt, { names }) => {
    const name = names[rng.below(names.length)];
    return rng.chance(0.2) ? `I would rather go ${name}, or maybe not` : `${name}`;
  },
  { name: "wanderer" },
);

const result = await runAgent({
  env: toEnv(lake.mdp),
  planner,
  perceive: (_, index) => lake.describe(index),
  shield: harmShield(risk, { limit: 0.01 }),
  budgets: { steps: 200 },
  seed: 1,
  onStep: ({ step, observation, answer, action, replaced }) => {
    if (step < 8) console.log(`${step}: ${observation} | "${answer}" -> ${action}${replaced === undefined ? "" : ` (${replaced})`}`);
  },
});
const { unparsable, fallbacks, blocked } = result.trace.end;
console.log(`${result.status} after ${result.steps} steps, reward ${result.totalReward}`);
console.log(`${unparsable} answers were no action, ${fallbacks} steps fell back, ${blocked} moves were kept off the ice`);
