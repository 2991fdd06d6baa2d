// Where a user's caches are kept on each system.
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * The folder for mdpkit's caches: `$XDG_CACHE_HOME/mdpkit` where set (absolute, as its specification asks), else
 * `%LOCALAPPDATA%\mdpkit\Cache` on Windows, `~/Library/Caches/mdpkit` on macOS, `~/.cache/mdpkit` elsewhere.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env, system: NodeJS.Platform = process.platform): string {
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "mdpkit");
  const home = env.HOME ?? env.USERPROFILE ?? homeOrNothing();
  if (system === "win32") return join(env.LOCALAPPDATA ?? join(home ?? tmpdir(), "AppData", "Local"), "mdpkit", "Cache");
  if (home === undefined) return join(tmpdir(), "mdpkit-cache");
  return system === "darwin" ? join(home, "Library", "Caches", "mdpkit") : join(home, ".cache", "mdpkit");
}

function homeOrNothing(): string | undefined {
  try {
    return homedir();
  } catch {
    // A user without an entry in the password file has no home.
    return undefined;
  }
}
