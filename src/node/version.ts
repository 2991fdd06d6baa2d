// The version of the installed package, read from its package.json.
import { readFileSync } from "node:fs";

let known: string | undefined;

/** Such as "0.1.0". The file stands two folders up, from src/node as from dist/node. */
export function packageVersion(): string {
  if (known === undefined) {
    const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    known = typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
  }
  return known;
}
