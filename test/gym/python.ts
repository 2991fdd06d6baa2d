// The Python of these tests: where it is, or that they are skipped; and the reference player beside it.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeEach } from "vitest";
import type { Policy } from "../../src/policies/index.ts";

export const python: string = process.env.MDPKIT_GYM_PYTHON ?? "";

/** Skips each test of a file, with the reason, where there is no Gymnasium. */
export function needsGymnasium(): void {
  beforeEach((context) => {
    if (process.env.MDPKIT_GYM_MISSING !== undefined) context.skip(`no Gymnasium: ${process.env.MDPKIT_GYM_MISSING}`);
  });
}

export interface ReferenceJob {
  readonly env: string;
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  readonly episodes: number;
  readonly policy: Policy<unknown, unknown>;
}

/** Plays in Python alone: for each seed, each episode's reward and length. */
export async function playInPython({ env, kwargs = {}, seeds, episodes, policy }: ReferenceJob): Promise<[reward: number, length: number][][]> {
  const { choiceAction } = policy.space.choices;
  const table = Array.from({ length: policy.space.states.size }, (_, s) => choiceAction[policy.modeAt(s)]);
  const child = spawn(python, [fileURLToPath(new URL("play.py", import.meta.url))], { stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(JSON.stringify({ env, kwargs, seeds, episodes, policy: table }));
  let text = "";
  for await (const piece of child.stdout.setEncoding("utf8")) text += piece;
  return JSON.parse(text);
}
