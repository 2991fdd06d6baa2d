// node-llama-cpp from the folder of its own that scripts/install-node-llama-cpp.sh puts it in: too large to be a dependency.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The folder that the model, the server and the packages of the tests with a real model are kept in. */
export function llmFolder(): string {
  return process.env.MDPKIT_LLM_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mdpkit-llm-server");
}

/** The package's exports. @throws Error where it is not installed. */
export async function llamaLibrary(): Promise<unknown> {
  const entry = join(llmFolder(), "packages/node_modules/node-llama-cpp/dist/index.js");
  if (!existsSync(entry)) throw new Error(`there is no ${entry}: run scripts/install-node-llama-cpp.sh first`);
  const library: unknown = await import(pathToFileURL(entry).href);
  return library;
}
