// Files written whole or not at all: into a temporary file beside the target, then renamed over it.
import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, chmod, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OutsideError } from "./exit.ts";
import { isSystemError, systemReason } from "./failure.ts";

/** What a file is made of: bytes or text, or pieces of either. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array>;

/**
 * Writes a file atomically: readers see the old content or the new, never half of it. Symbolic links are followed,
 * the mode of an existing file is kept, and what is not a regular file (a device, a pipe) is written to directly.
 *
 * @throws OutsideError where the folder is missing, or the file system refuses.
 */
export async function writeFileAtomically(path: string, content: Content): Promise<void> {
  await asOutside(path, async () => {
    const existing = await statOrNothing(path);
    if (existing !== undefined && !existing.isFile()) {
      await writePieces(path, "w", content);
      return;
    }
    const target = existing === undefined ? path : await realpath(path);
    const temporary = join(dirname(target), `.mdpkit-${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
    try {
      await writePieces(temporary, "wx", content);
      if (existing !== undefined) await chmod(temporary, existing.mode);
      await rename(temporary, target);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  });
}

/**
 * Finds out before long work whether a file can be written: its folder exists and may be written to, and it is no folder itself.
 *
 * @throws OutsideError
 */
export async function checkWritable(path: string): Promise<void> {
  await asOutside(path, async () => {
    const existing = await statOrNothing(path);
    if (existing?.isDirectory() === true) throw new OutsideError(`${path} cannot be written: it is a folder, expected a file.`);
    if (existing !== undefined) await access(path, constants.W_OK);
    if (existing === undefined || existing.isFile()) await access(dirname(path), constants.W_OK);
  });
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function writePieces(path: string, flags: "w" | "wx", content: Content): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const file = await open(path, flags);
  try {
    // writeFile goes on until every byte is out; write alone may stop short.
    for (const piece of pieces) await file.writeFile(piece);
    if (flags === "wx") await file.sync();
  } finally {
    await file.close();
  }
}

/** Does what writes to a path; a refusal of the file system is told as one. @throws OutsideError */
export async function asOutside(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const folder = dirname(path);
    const hint = error.code === "ENOENT" ? { hint: `create the folder ${folder} first.` } : {};
    throw new OutsideError(`${path} cannot be written: ${systemReason(error)}.`, { cause: error, ...hint });
  }
}
