// A text generator as planner: whatever it writes is parsed strictly.
import type { Planner } from "./planner.ts";

/** Prompt to text, as any chat or completion client offers it. */
export type Generate = (prompt: string, context: { readonly names: readonly string[]; readonly signal: AbortSignal }) => string | Promise<string>;

/**
 * Asks a generator for text.
 *
 * @example
 * const planner = textPlanner(async (prompt, { signal }) => (await chat(prompt, { signal })).text, { name: "my-model" });
 */
export function textPlanner(generate: Generate, options: { readonly name?: string | undefined } = {}): Planner<unknown, unknown> {
  return {
    name: options.name ?? "text",
    plan: async ({ prompt, names, signal }) => ({ text: await generate(prompt, { names, signal }) }),
  };
}
