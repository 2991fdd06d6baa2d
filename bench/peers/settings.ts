// The peers' best settings found so far, by problem, in bench/results/settings.json: searched anew with --anew.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BENCH } from "../model-files.ts";
import type { Setting } from "./best-setting.ts";

const FOLDER = join(BENCH, "results");
const FILE = join(FOLDER, "settings.json");

type Settings = Record<string, Record<string, Setting>>;

function read(): Settings {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : {};
}

export function keptSetting(problem: string, peer: string): Setting | undefined {
  return read()[problem]?.[peer];
}

export function keepSetting(problem: string, peer: string, setting: Setting): void {
  const all = read();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...all, [problem]: { ...all[problem], [peer]: setting } }, null, 2)}\n`);
}
