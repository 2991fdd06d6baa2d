// From messages to one text, for servers and models that complete texts.
import type { ChatMessage } from "../prompt.ts";

/** A text to complete, and what an answer begins with. */
export interface FormattedPrompt {
  readonly text: string;
  /** Between the text and an answer: a blank after `Answer:`, nothing after a chat's markup. */
  readonly lead: string;
}

/** By the server's own chat template, as plain lines, or a function's way. */
export type PromptFormat = "server" | "plain" | ((messages: readonly ChatMessage[]) => FormattedPrompt);

/**
 * Messages as plain lines, as models without a chat template read them best: the instruction, then `State:` and `Answer:` by turns.
 *
 * @example
 * plainFormat([{ role: "system", content: "Go." }, { role: "user", content: "open: left" }]).text; // "Go.\n\nState: open: left\nAnswer:"
 */
export function plainFormat(messages: readonly ChatMessage[]): FormattedPrompt {
  const lines = messages.map(({ role, content }) => (role === "system" ? `${content}\n` : role === "user" ? `State: ${content}` : `Answer: ${content}\n`));
  return { text: `${lines.join("\n")}\nAnswer:`, lead: " " };
}
