// The build in dist, with the types of the sources it was built from: what is measured is what is published.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Mdpkit from "../src/index.ts";
import { BENCH } from "./model-files.ts";

export async function importDist(): Promise<typeof Mdpkit> {
  const entry = join(BENCH, "..", "dist", "index.js");
  if (!existsSync(entry)) throw new Error("no build in dist: run npm run build");
  return import(pathToFileURL(entry).href);
}
