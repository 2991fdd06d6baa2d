// The fenced code blocks of a Markdown text.

export interface CodeBlock {
  /** `ts`, `sh`, `json`, ...; empty where the fence names none. */
  readonly language: string;
  /** The words after the language: `run`, `no-run`. */
  readonly flags: readonly string[];
  readonly code: string;
  /** The line of the block's first line of code, from 1. */
  readonly line: number;
}

/**
 * Finds the blocks between fences of three or more backticks, in order.
 *
 * @throws Error where a fence is never closed.
 */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; info: string; line: number; lines: string[] } | undefined;
  for (const [i, line] of markdown.split("\n").entries()) {
    const fence = /^\s*(`{3,})([^`]*)$/.exec(line);
    if (open === undefined) {
      if (fence !== null) open = { fence: fence[1] as string, info: (fence[2] as string).trim(), line: i + 2, lines: [] };
    } else if (fence !== null && fence[2] === "" && (fence[1] as string).length >= open.fence.length) {
      const [language = "", ...flags] = open.info.split(/\s+/);
      blocks.push({ language, flags, code: `${open.lines.join("\n")}\n`, line: open.line });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`the code block that begins at line ${open.line} is never closed`);
  return blocks;
}
