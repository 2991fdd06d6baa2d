// Step 6 of the demo: the agent loop, its first steps in words, every step as a picture.
import type { AgentResult, TraceStep } from "../../agent/index.ts";
import type { Label } from "../../mdp/index.ts";
import { endView, runLoop, stepView } from "../agent-loop.ts";
import { indented, sideBySide } from "../grid-view.ts";
import { type Demo, headline } from "./context.ts";

/** The maze takes 6 steps; a planner that does not get there is stopped. */
const MOST_STEPS = 40;
/** Steps told in words. */
const TOLD = 2;
/** Pictures in a row of 80 columns. */
const IN_A_ROW = 6;

export async function showAgent(demo: Demo): Promise<AgentResult<Label, Label>> {
  const { world, model, llm, seed, progress, style, print } = demo;
  await headline(demo, 6, "The agent loop: perceive, prompt, plan, parse, execute, feed back");
  const result = await runLoop(world, model, llm, { steps: MOST_STEPS, seed, shield: true, calibrate: true }, progress, async (step) => {
    if (step.step < TOLD) await print(stepView(undefined, step, style));
  });
  world.signal.throwIfAborted();
  if (result.error !== undefined) throw result.error;
  const frames = result.trace.steps.map((step) => `${caption(step)}\n${model.builtIn?.render(step.next) ?? step.nextName}`);
  for (let from = 0; from < frames.length; from += IN_A_ROW) await print(`\n${indented(sideBySide(frames.slice(from, from + IN_A_ROW)), "   ")}`);
  await print(`\n   planner: ${result.trace.header.planner}, what was tried in a cell before counting less there`);
  if (result.trace.end.blocked > 0) await print("   * another move was wanted, but leads nowhere: the shield took the next best");
  await print(`   ${endView(result, style)}`);
  return result;
}

/** "12 left*", of one width for all, so that the rows of pictures stand under each other. */
function caption(step: TraceStep): string {
  return `${step.step + 1} ${step.action}${step.replaced === undefined ? "" : "*"}`.padEnd(9);
}
