// A child process that prints JSON lines, each of which has to come in time.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ChildResult {
  readonly lines: readonly Record<string, unknown>[];
  /** "over": a line did not come in time and the process was ended. */
  readonly end: "ok" | "over" | "failed";
  /** The end of what it wrote to standard error. */
  readonly complaint: string;
}

/** @param limit seconds that may pass until the next line, told the line before it. */
export function runChild(command: readonly string[], limit: (last: Record<string, unknown> | undefined) => number): Promise<ChildResult> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines: Record<string, unknown>[] = [];
  let complaint = "";
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        over = true;
        child.kill("SIGKILL");
      },
      limit(lines.at(-1)) * 1000,
    );
  };
  wait();
  createInterface({ input: child.stdout }).on("line", (text) => {
    if (!text.startsWith("{")) return; // what a library prints itself
    lines.push(JSON.parse(text));
    wait();
  });
  child.stderr.on("data", (data) => {
    complaint = `${complaint}${data}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ lines, end: over ? "over" : code === 0 ? "ok" : "failed", complaint });
    });
  });
}
