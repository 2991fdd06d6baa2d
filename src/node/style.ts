// Colour on a terminal, plain text everywhere else: NO_COLOR, TERM=dumb and pipes are respected.
import type { TextStream, World } from "./world.ts";

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

const COLOURED: Style = {
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
  red: (text) => `\u001b[31m${text}\u001b[39m`,
  green: (text) => `\u001b[32m${text}\u001b[39m`,
  yellow: (text) => `\u001b[33m${text}\u001b[39m`,
  cyan: (text) => `\u001b[36m${text}\u001b[39m`,
};

function same(text: string): string {
  return text;
}

/** The style for one stream. `NO_COLOR` set to anything but the empty string turns colour off (no-color.org). */
export function styleOf(stream: TextStream, env: World["env"]): Style {
  const refused = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return stream.isTTY === true && !refused ? COLOURED : PLAIN;
}
