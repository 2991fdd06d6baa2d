// The prompt stage: task, tools, memory, observation, actions, remarks, in that order; short, and the same for the same input.
import type { Turn } from "./memory.ts";

/** What a prompt is composed of. */
export interface PromptParts {
  /** What the agent is to do. */
  readonly task: string;
  /** One line a tool; empty without tools. */
  readonly tools: string;
  /** The remembered steps, oldest first. */
  readonly history: readonly Turn[];
  readonly observation: string;
  /** The feasible actions as text. */
  readonly names: readonly string[];
  /** Answers of tools and remarks on unusable answers, since the step began. */
  readonly remarks: readonly string[];
  /** The longest plan that may be answered; undefined: one action at a time. */
  readonly longestPlan?: number | undefined;
}

/** Builds the text that the planner gets. */
export type ComposePrompt = (parts: PromptParts) => string;

/**
 * The default prompt. The order keeps what never changes first, so that a server can reuse its work on it.
 *
 * @example
 * composePrompt({ task: "Reach the goal.", tools: "", history: [], observation: "You are at 0,0.", names: ["up", "down"], remarks: [] });
 * // "Reach the goal.\n\nNow: You are at 0,0.\nActions: up, down\nAnswer with one action.\nAction:"
 */
export const composePrompt: ComposePrompt = ({ task, tools, history, observation, names, remarks, longestPlan }) => {
  const parts: string[] = [task];
  if (tools !== "") parts.push(`Instead of an action you may answer one line that calls a tool:\n${tools}`);
  if (history.length > 0) parts.push(`So far:\n${history.map((turn) => `${turn.observation}\nAction: ${turn.action}\n${turn.feedback}`).join("\n")}`);
  parts.push([`Now: ${observation}`, `Actions: ${names.map(oneLine).join(", ")}`, ...remarks, ...howToAnswer(longestPlan)].join("\n"));
  return parts.join("\n\n");
};

function howToAnswer(longestPlan: number | undefined): readonly string[] {
  if (longestPlan === undefined) return ["Answer with one action.", "Action:"];
  return [`Answer with one action, or with a plan of at most ${longestPlan} actions in order, separated by commas.`, "Plan:"];
}

/** Line breaks in a label could pass for lines of the prompt. */
function oneLine(label: string): string {
  return label.replace(/\s+/g, " ");
}
