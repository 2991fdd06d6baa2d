// What tells a file from another of the same name.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/**
 * The SHA-256 of a file, read in pieces: `sha256:` and 64 hexadecimal digits.
 *
 * @throws The operating system's error where it cannot be read.
 * @example
 * const scorer = await nodeLlamaCpp({ modelPath, digest: await fileDigest(modelPath) });
 */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest("hex")}`;
}
