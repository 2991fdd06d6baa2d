// The C programs of bench/c: the sweep that kernels are measured against, and a copy of memory.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BENCH, type Meta } from "../model-files.ts";
import type { SweepTime } from "./sweep-time.ts";

const FLAGS = ["-O3", "-march=native", "-pthread"];

export interface CPrograms {
  /** The time of one sweep; undefined where the layout does not fit the model. */
  sweep(folder: string, meta: Meta, threads: number, layout: "csr" | "fixed"): SweepTime | undefined;
  /** Bytes read plus bytes written a second, in GB. */
  copy(threads: number): number;
  readonly compiler: string;
  remove(): void;
}

/** Compiles them; undefined, with a word, where there is no C compiler. */
export function compileC(): CPrograms | undefined {
  const folder = mkdtempSync(join(tmpdir(), "mdpkit-c-"));
  const run = (name: string, ...args: readonly string[]): Record<string, number> =>
    JSON.parse(execFileSync(join(folder, name), args, { encoding: "utf8", stdio: "pipe" }));
  try {
    for (const name of ["sweep", "copy"]) execFileSync("cc", [...FLAGS, "-o", join(folder, name), join(BENCH, "c", `${name}.c`), "-lm"], { stdio: "inherit" });
  } catch (error) {
    console.error(`no C loop to compare with: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  return {
    compiler: `${execFileSync("cc", ["--version"], { encoding: "utf8" }).split("\n")[0]} ${FLAGS.join(" ")}`,
    sweep(model, meta, threads, layout) {
      try {
        const { msPerSweep, fastest }: Record<string, number> = run(
          "sweep",
          model,
          String(meta.states),
          String(meta.discount),
          String(threads),
          "1500",
          layout,
        );
        return { msPerSweep: msPerSweep ?? Number.NaN, fastestMs: fastest ?? Number.NaN };
      } catch (error) {
        if (layout === "fixed" && (error as { readonly status?: unknown }).status === 2) return undefined;
        throw error;
      }
    },
    copy: (threads) => run("copy", String(threads), "512").gbPerSecond ?? Number.NaN,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
