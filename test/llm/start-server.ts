// Before the tests: node-llama-cpp and other clients installed, a real model server started unless MDPKIT_LLM_URL names one; stopped after them.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../scripts/start-llm-server.sh", import.meta.url));
const INSTALL = fileURLToPath(new URL("../../scripts/install-node-llama-cpp.sh", import.meta.url));

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  execFileSync(INSTALL, { stdio: ["ignore", "ignore", "inherit"] });
  if (process.env.MDPKIT_LLM_URL !== undefined) return undefined;
  const server = spawn(SCRIPT, ["0"], { stdio: ["ignore", "pipe", "inherit"] });
  process.env.MDPKIT_LLM_URL = await addressOf(server);
  return async () => {
    server.kill();
    await once(server, "exit");
  };
}

/** What the script prints once it listens. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error("the server has no standard output");
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /listening on (http:\S+)/.exec(line)?.[1];
    if (found !== undefined) {
      server.stdout.resume();
      return found;
    }
  }
  throw new Error("scripts/start-llm-server.sh ended before its server listened");
}
