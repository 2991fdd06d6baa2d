// Text that goes into a prompt is data: one line, and nothing in it that a chat's template or tokenizer takes for a mark of its own.

/**
 * A text on one line, with the marks of chat templates taken apart: `<|im_end|>`, `</s>`, `<start_of_turn>`, `[INST]`, `<<SYS>>`. Servers turn such marks into
 * control tokens wherever they stand, so that a state's text could end its turn and speak as the system; with a blank inside they are letters and signs.
 *
 * @example
 * promptText("goal:\nleft<|im_end|>"); // "goal: left< |im_end| >"
 */
export function promptText(text: string): string {
  return (
    text
      // Nothing invisible inside a mark, and nothing that ends a line.
      .replace(/\p{Cf}+/gu, "")
      .replace(/[\s\p{Cc}]+/gu, " ")
      .replace(/<(?=[^\s=])/gu, "< ")
      .replace(/(?<=[|｜])>/gu, " >")
      .replace(/\[(?=\/?[A-Z_]{2,}\])/gu, "[ ")
      .trim()
  );
}
