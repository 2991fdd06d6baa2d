// Answers of language models kept on disk, one small file each, so that the same question is never asked twice.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ActionScores, AnswerCache } from "../llm-prior/index.ts";
import { OutsideError } from "./exit.ts";
import { isSystemError, systemReason } from "./failure.ts";

export interface DiskCacheOptions {
  /** Whether a folder that cannot be written is an error. Default false: answers are then kept for this run alone. */
  readonly required?: boolean | undefined;
}

/**
 * A cache in a folder. A file's name is the SHA-256 of what was asked of whom, and the file holds both: an answer is only ever given to
 * the very question it was an answer to. Files that cannot be read as such are passed over and written again. Several processes may share it.
 *
 * @throws OutsideError from `set` where the folder cannot be written, if `required`.
 * @example
 * await elicitPrior(mdp, { scorer, describe, cache: diskCache(cacheFolder()) });
 */
export function diskCache(folder: string, options: DiskCacheOptions = {}): AnswerCache {
  const kept = new Map<string, ActionScores>();
  let writable = true;
  return {
    async get(key) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const found = await readAnswer(fileOf(folder, key), key);
      if (found !== undefined) kept.set(key, found);
      return found;
    },
    async set(key, scores) {
      kept.set(key, scores);
      if (!writable) return;
      try {
        await writeAnswer(fileOf(folder, key), JSON.stringify({ key, scores }));
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (options.required === true)
          throw new OutsideError(`the cache folder ${folder} cannot be written: ${systemReason(error)}.`, {
            cause: error,
            hint: "name another with --cache DIR, or pass --cache off.",
          });
        writable = false;
      }
    },
  };
}

/** Two letters of folders keep each of them small. */
function fileOf(folder: string, key: string): string {
  const name = createHash("sha256").update(key).digest("hex");
  return join(folder, name.slice(0, 2), `${name}.json`);
}

/** The answer in a file; undefined where there is none, or it is damaged, or to another question. What `askAll` takes from a cache it checks. */
async function readAnswer(path: string, key: string): Promise<ActionScores | undefined> {
  try {
    const stored: unknown = JSON.parse(await readFile(path, "utf8"));
    return isEntry(stored) && stored.key === key ? stored.scores : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is { readonly key: string; readonly scores: ActionScores } {
  if (typeof value !== "object" || value === null || !("key" in value) || !("scores" in value)) return false;
  const { scores } = value;
  return typeof scores === "object" && scores !== null && "logProbabilities" in scores && Array.isArray(scores.logProbabilities);
}

/** Written beside and renamed: another process sees a whole answer or none. */
async function writeAnswer(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
