// The world a command sees: streams, environment, folder, interruption. A test or a host program can bring its own.
import { resolve } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Where text goes. `isTTY` and `columns` are what Node's streams have on a terminal. */
export type TextStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

export interface World {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** The world of this process; parts can be replaced. */
export function processWorld(parts: Partial<World> = {}): World {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
    ...parts,
  };
}

/** A path as the user gave it, from the world's folder. */
export function pathIn(world: World, path: string): string {
  return resolve(world.cwd, path);
}

/**
 * Writes text and waits until the stream has room again. A reader that went away (`mdpkit solve ... | head`) is not an error:
 * answers false, and the caller stops writing.
 */
export async function writeText(stream: TextStream, text: string): Promise<boolean> {
  if (stream.destroyed || stream.writableEnded) return false;
  return new Promise((done, fail) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) done(true);
      else if ("code" in error && (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED")) done(false);
      else fail(error);
    });
  });
}

/** Writes chunks one after another, each only when the one before is out: a long result is never one string in memory. */
export async function writeChunks(stream: TextStream, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) if (!(await writeText(stream, chunk))) return;
}
