// Bytes to lines: what arrives on a pipe, cut at its line breaks, with a limit on how long a line may grow.
import type { Readable } from "node:stream";

export interface LineHandlers {
  /** A whole line, without its break. */
  readonly onLine: (line: string) => void;
  /** The stream ended; `rest` is what came after the last break, the beginning of a line that was cut off. */
  readonly onEnd?: ((rest: string) => void) | undefined;
  /** A line grew beyond the limit: nothing more is read. */
  readonly onTooLong: () => void;
}

/**
 * Reads lines of UTF-8 until the stream ends or a line is too long. Returns what stops the reading.
 *
 * @param mostBytes the longest line that is taken; memory never holds more of one.
 * @example
 * readLines(child.stdout, 2 ** 20, { onLine: (line) => handle(JSON.parse(line)), onTooLong: () => child.kill() });
 */
export function readLines(stream: Readable, mostBytes: number, { onLine, onEnd, onTooLong }: LineHandlers): () => void {
  let pieces: Buffer[] = [];
  let held = 0;
  const stop = (): void => {
    stream.off("data", onData);
    stream.off("end", onStreamEnd);
    pieces = [];
    // Whoever writes must not be held up by a reader that has stopped.
    stream.resume();
  };
  const take = (piece: Buffer): boolean => {
    held += piece.length;
    if (held > mostBytes) {
      stop();
      onTooLong();
      return false;
    }
    pieces.push(piece);
    return true;
  };
  const text = (): string => {
    const line = Buffer.concat(pieces).toString("utf8");
    pieces = [];
    held = 0;
    return line;
  };
  function onData(chunk: Buffer | string): void {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      if (!take(bytes.subarray(from, end))) return;
      from = end + 1;
      onLine(text().replace(/\r$/, ""));
    }
    if (from < bytes.length) take(bytes.subarray(from));
  }
  function onStreamEnd(): void {
    onEnd?.(text());
  }
  stream.on("data", onData);
  stream.on("end", onStreamEnd);
  return stop;
}
