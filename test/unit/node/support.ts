// Running the command line in tests: inside this process with streams of our own, or as a user does, as a process.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { run } from "../../../src/node/run.ts";

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly signal?: AbortSignal;
  readonly terminal?: boolean;
}

/** Runs a command inside this process. */
export async function mdpkit(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const stdout = new Collected(options.terminal);
  const stderr = new Collected(options.terminal);
  const code = await run(args, {
    stdout,
    stderr,
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    cwd: options.cwd ?? process.cwd(),
    env: { HOME: "/nonexistent", ...options.env },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Collected extends Writable {
  text = "";
  readonly isTTY: boolean;

  constructor(terminal = false) {
    super({ decodeStrings: false });
    this.isTTY = terminal;
  }

  override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    done();
  }
}

export const BIN: string = fileURLToPath(new URL("../../../bin/mdpkit.js", import.meta.url));

export interface Child {
  readonly done: Promise<Outcome>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Starts the built command as a process of its own. */
export function spawnMdpkit(args: readonly string[], options: RunOptions = {}): Child {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: options.cwd, env: { ...process.env, ...options.env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(options.input);
  const done = new Promise<Outcome>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { done, kill: (signal) => void child.kill(signal) };
}

/** A folder of its own for one test; `remove` it afterwards. */
export async function temporaryFolder(): Promise<{
  readonly path: string;
  readonly at: (name: string) => string;
  readonly files: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), "mdpkit-test-"));
  return { path, at: (name) => join(path, name), files: async () => (await readdir(path)).sort(), remove: () => rm(path, { recursive: true, force: true }) };
}
