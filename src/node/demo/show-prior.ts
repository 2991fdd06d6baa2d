// Step 4 of the demo: what a language model advises in the maze, and where that comes from.

import { renderPolicyText } from "../../envs/index.ts";
import { type Prior, processingLines, promptTemplate } from "../../llm-prior/index.ts";
import type { Label } from "../../mdp/index.ts";
import type { Solution } from "../../solvers/index.ts";
import { promptOf } from "../ask-prior.ts";
import { plural, short } from "../format-number.ts";
import { indented, sideBySide } from "../grid-view.ts";
import { type Demo, headline } from "./context.ts";

/** A prompt as it is sent: its first and last messages, how many examples stand between them, and the whole. */
export interface ShownPrompt {
  readonly system: string;
  readonly examples: number;
  readonly user: string;
  /** All of its messages, each led by its role. */
  readonly text: string;
}

/** The prompt of the start state. */
export function promptOfStart(demo: Demo): ShownPrompt {
  const { mdp, builtIn } = demo.model;
  const { task, examples } = promptOf(demo.model);
  const template = promptTemplate({ actions: Array.from({ length: mdp.actionCount }, (_, a) => mdp.actions.name(a)), task, examples });
  const start = mdp.initial?.state[0] ?? 0;
  const { messages } = template.render(builtIn?.describe(start) ?? `state ${mdp.states.name(start)}`);
  return {
    system: messages[0]?.content ?? "",
    examples: template.examples,
    user: messages.at(-1)?.content ?? "",
    text: messages.map(({ role, content }) => `${role}: ${content}`).join("\n"),
  };
}

export async function showPrior(demo: Demo, prior: Prior<Label, Label>, best: Solution<Label, Label>): Promise<void> {
  const { style } = demo;
  await headline(demo, 4, "A language model's prior over the actions");
  const { system, examples, user } = promptOfStart(demo);
  await demo.print(
    [
      `   ${prior.recordedAt === undefined ? `${prior.provenance}` : style.yellow(`a ${prior.provenance}`)}: ${plural(prior.prompts, "prompt")}, ${plural(prior.calls, "call")}, ${prior.cached} from the cache`,
      `   it put ${short(100 * prior.coverage, 3)}% of its own probability on the four actions`,
      `   prompt: ${style.dim(`"${system}"`)}`,
      `           ${style.dim(`${plural(examples, "example")} from other mazes, then "${user}"`)}`,
      ...(prior.processing === undefined ? [] : [`   ${style.dim(processingLines(prior.processing).join(", "))}`]),
      ...prior.notes.map((note) => `   ${note}`),
      "",
    ].join("\n"),
  );
  const grid = demo.model.builtIn?.grid;
  if (grid === undefined) return;
  const maps = [`its favourite\n${renderPolicyText(grid, prior.policy.toActions())}`, `optimal\n${renderPolicyText(grid, best.policy.toActions())}`];
  await demo.print(indented(sideBySide(maps), "   "));
}
