// The project's own source files, for the checks that read them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Every file under `folder` (relative to the root) whose name ends in `.ts`, `.js` or `.mjs`, as paths relative to the root, sorted. Empty where the folder is missing. */
export function sourceFiles(folder: string): string[] {
  const files: string[] = [];
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch {
    return files;
  }
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue; // caches and virtual environments are not ours
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...sourceFiles(path));
    else if (/\.(?:ts|js|mjs)$/.test(entry.name)) files.push(path);
  }
  return files.sort();
}

function listFolder(folder: string) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true });
}
