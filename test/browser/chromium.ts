// The browser that tests drive: which one there is, and how it is started so that it keeps to itself.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** No sandbox: it cannot be had as root or in most containers. The rest keeps a browser quiet on a closed network. */
const QUIET = ["--no-sandbox", "--no-first-run", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** By what pages draw and compute: nothing but the CPU, or WebGPU and WebGL by Chromium's own software device. */
const GRAPHICS = {
  none: ["--disable-gpu"],
  software: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
} as const;

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The path of a browser of Chromium's family; undefined where there is none. */
export function findChromium(): string | undefined {
  const asked = process.env.MDPKIT_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = asked === undefined ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))) : [asked];
  return candidates.find(isExecutable);
}

/** Why there is no browser here; undefined where there is one. */
export function missingChromium(): string | undefined {
  return findChromium() === undefined ? "no Chromium here: scripts/install-browser.sh installs it, or MDPKIT_CHROMIUM names one" : undefined;
}

/** A headless browser with an empty profile. */
export function startChromium(graphics: keyof typeof GRAPHICS): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(missingChromium());
  return chromium.launch({ executablePath, args: [...QUIET, ...GRAPHICS[graphics]] });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
