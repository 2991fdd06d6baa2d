// The peers' virtual environment, made once: bench/.venv with the pinned versions of requirements.txt.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH } from "../model-files.ts";

const PEERS = join(BENCH, "peers");

/** The Python of the environment. MDPKIT_BENCH_VENV names another one; `install` false takes it as it is. */
export function peersPython(install: boolean): string {
  const folder = process.env.MDPKIT_BENCH_VENV ?? join(BENCH, ".venv");
  const python = join(folder, "bin", "python");
  if (install) {
    if (!existsSync(python)) execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
    execFileSync(python, ["-m", "pip", "install", "--quiet", "-r", join(PEERS, "requirements.txt")], { stdio: "inherit" });
  }
  if (!existsSync(python)) throw new Error(`no Python in ${folder}: run without --no-install`);
  return python;
}

/** Peers and their pinned versions, from requirements.txt. */
export function peerVersions(): Map<string, string> {
  const lines = readFileSync(join(PEERS, "requirements.txt"), "utf8").split("\n");
  return new Map(lines.map((line) => line.split("==")).flatMap(([name, version]): [string, string][] => (name && version ? [[name, version]] : [])));
}

export function peerCommand(python: string, peer: string, ...args: readonly string[]): string[] {
  return [python, join(PEERS, "run_peer.py"), peer, ...args];
}

export function checkCommand(python: string, ...args: readonly string[]): string[] {
  return [python, join(PEERS, "check.py"), ...args];
}

export function mdpkitCommand(...args: readonly string[]): string[] {
  return [process.execPath, "--import", "tsx", join(PEERS, "mdpkit.ts"), ...args];
}
