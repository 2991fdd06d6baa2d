// The built package, for tests that run the command as users do: built again where a source is newer.
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT: string = fileURLToPath(new URL("../../..", import.meta.url));

/** Compiles src into dist unless dist is newer than every source. */
export async function ensureBuilt(): Promise<void> {
  const built = await newest(join(ROOT, "dist"), ".js").catch(() => 0);
  if (built >= (await newest(join(ROOT, "src"), ".ts"))) return;
  await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", join(ROOT, "tsconfig.build.json")], { cwd: ROOT });
}

/** When the file changed last that did so latest. */
async function newest(folder: string, ending: string): Promise<number> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending));
  const times = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
  return times.reduce((latest, time) => Math.max(latest, time), 0);
}
