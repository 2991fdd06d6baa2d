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

  async function write(path: string, text: string): Promise<void> {
    if (!writable) return;
    try {
      await writeWhole(path, text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (options.required === true)
        throw new OutsideError(`the cache folder ${folder} cannot be written: ${systemReason(error)}.`, {
          cause: error,
          hint: "name another with --cache DIR, or pass --cache off.",
        });
      writable = false;
    }
  }

  return {
    async get(key) {
      const known = kept.get(key);
      if (known !== undefined) return known;
      const stored = await readEntry(fileOf(folder, key), key);
      const found = stored !== undefined && isScores(stored.scores) ? stored.scores : undefined;
      if (found !== undefined) kept.set(key, found);
      return found;
    },
    async set(key, scores) {
      kept.set(key, scores);
      await write(fileOf(folder, key), JSON.stringify({ key, scores }));
    },
    async getPart(key, index) {
      const part = partKey(key, index);
      const stored = await readEntry(fileOf(folder, part), part);
      return typeof stored?.text === "string" ? stored.text : undefined;
    },
    async setPart(key, index, text) {
      const part = partKey(key, index);
      await write(fileOf(folder, part), JSON.stringify({ key: part, text }));
    },
  };
}

function partKey(key: string, index: number): string {
  return `part ${index} of ${key}`;
}

/** Two letters of folders keep each of them small. */
function fileOf(folder: string, key: string): string {
  const name = createHash("sha256").update(key).digest("hex");
  return join(folder, name.slice(0, 2), `${name}.json`);
}

/** What a file holds; undefined where there is none, or it is damaged, or to another question. What `askAll` takes from a cache it checks. */
async function readEntry(path: string, key: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const stored: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof stored === "object" && stored !== null && "key" in stored && stored.key === key ? { ...stored } : undefined;
  } catch {
    return undefined;
  }
}

function isScores(value: unknown): value is ActionScores {
  return typeof value === "object" && value !== null && "logProbabilities" in value && Array.isArray(value.logProbabilities);
}

/** So that two writers of this process never share a temporary file. */
let writes = 0;

/** Written beside and renamed: another process sees a whole answer or none. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${writes++}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
