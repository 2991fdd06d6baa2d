// Files and standard input read whole as bytes, with errors a person can act on.
import { open } from "node:fs/promises";
import { OutsideError, UsageError } from "./exit.ts";
import { isSystemError, systemReason } from "./failure.ts";
import { pathIn, type World } from "./world.ts";

/** The name that stands for standard input. */
export const STDIN = "-";

/** Read at most this much at a time: Node refuses single reads past 2 GiB. */
const PIECE = 2 ** 28;

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws OutsideError where the file system refuses; UsageError where there is nothing in it.
 */
export async function readBytes(world: World, name: string): Promise<Uint8Array> {
  const bytes = name === STDIN ? await readStdin(world) : await readPath(pathIn(world, name), name, world.signal);
  if (bytes.length === 0) throw new UsageError(`${name === STDIN ? "standard input" : name} is empty, expected content.`);
  return bytes;
}

async function readPath(path: string, name: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      // What has no size to tell (a pipe, /dev/stdin) is read to its end.
      if (size === 0) return new Uint8Array(await file.readFile({ signal }));
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        signal.throwIfAborted();
        const { bytesRead } = await file.read(bytes, filled, Math.min(PIECE, size - filled), filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new OutsideError(`${name} cannot be read: ${systemReason(error)}.`, { cause: error });
  }
}

async function readStdin(world: World): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of world.stdin) {
    world.signal.throwIfAborted();
    pieces.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
