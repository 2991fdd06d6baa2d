// A Python child that holds environments: started, asked in lines, watched, and ended with a reason whenever something is wrong.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BackendError, EnvProtocolError, OptionError } from "../../errors.ts";
import { readLines } from "../lines.ts";
import { type Hello, type Message, parseMessage, readHello } from "./protocol.ts";

export interface EnvProcessOptions {
  /** The Python that has gymnasium. Default `python3`. */
  readonly python?: string | undefined;
  /** The program it runs. Default: the one that comes with mdpkit. */
  readonly script?: string | undefined;
  /** Seconds an answer may take before the process is given up. Default 60. */
  readonly timeoutSeconds?: number | undefined;
  /** Ends the process. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

const SCRIPT: string = fileURLToPath(new URL("../../../python/gymnasium_bridge.py", import.meta.url));

/** A table of some thousand states fits; a process that writes without a line break does not. */
const LONGEST_LINE = 2 ** 26;

/** How much of what the process last said on standard error goes into a message. */
const LAST_WORDS = 600;

/**
 * One child process. Requests are answered in order; after the first failure every request fails with its reason.
 *
 * @example
 * const child = await EnvProcess.start({ python: ".venv/bin/python" });
 * await child.request("make", { env: "Taxi-v4", count: 8, autoreset: true });
 * await child.close();
 */
export class EnvProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #milliseconds: number;
  readonly #waiting: Waiting[] = [];
  readonly #exited: Promise<void>;
  #hello: Hello = { gymnasium: "", python: "" };
  #lastWords = "";
  #failure: Error | undefined;
  #asked = 0;
  #closing = false;

  /**
   * Starts the child and waits for its first line.
   *
   * @throws BackendError where Python or gymnasium is missing; EnvProtocolError for another program; the signal's reason.
   */
  static async start(options: EnvProcessOptions = {}): Promise<EnvProcess> {
    const { timeoutSeconds = 60, signal } = options;
    if (!(timeoutSeconds > 0)) throw new OptionError("timeoutSeconds", timeoutSeconds, "a positive number");
    signal?.throwIfAborted();
    const child = new EnvProcess(options, timeoutSeconds * 1000);
    try {
      const first = await child.#answer();
      child.#hello = readHello(first);
      if (typeof first.error === "string")
        throw new BackendError(`${first.error}.`, { hint: "pip install gymnasium, or pass python, the path of a Python that has it." });
      return child;
    } catch (error) {
      child.#fail(asError(error));
      throw error;
    }
  }

  private constructor(options: EnvProcessOptions, milliseconds: number) {
    const { python = "python3", script = SCRIPT, signal } = options;
    this.#milliseconds = milliseconds;
    const child = spawn(python, [script], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    // A child that is gone is told by its exit; writing to it must not end this process.
    child.stdin.on("error", () => undefined);
    readLines(child.stdout, LONGEST_LINE, {
      onLine: (line) => this.#receive(line),
      onTooLong: () => this.#fail(new EnvProtocolError(`the environment process wrote a line of more than ${LONGEST_LINE} bytes, expected a short answer.`)),
    });
    const abort = (): void => this.#fail(asError(signal?.reason));
    signal?.addEventListener("abort", abort, { once: true });
    this.#exited = new Promise((resolve) => {
      child.on("error", (cause) => {
        this.#fail(
          new BackendError(`${python} cannot be started: ${cause.message}.`, { cause, hint: "pass python, the path of a Python that has gymnasium." }),
        );
        resolve();
      });
      child.on("close", (code, by) => {
        signal?.removeEventListener("abort", abort);
        if (!this.#closing) this.#fail(new BackendError(`the environment process ended ${by === null ? `with code ${code}` : `by ${by}`}${this.#said()}.`));
        resolve();
      });
    });
  }

  /** Which gymnasium and Python answer. */
  get hello(): Hello {
    return this.#hello;
  }

  /** Whether it can still be asked. */
  get alive(): boolean {
    return this.#failure === undefined && !this.#closing;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws EnvProtocolError where the process refuses or answers against the protocol; BackendError where it is gone or silent.
   */
  async request(op: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closing) throw new EnvProtocolError(`${op} after close, expected a new environment.`);
    const id = ++this.#asked;
    this.#child.stdin.write(`${JSON.stringify({ id, op, ...fields })}\n`);
    const message = await this.#answer();
    if (message.id !== id) {
      const error = new EnvProtocolError(`the environment process answered request ${String(message.id)}, expected ${id}.`);
      this.#fail(error);
      throw error;
    }
    if (typeof message.error === "string") throw new EnvProtocolError(`the environment refused ${op}: ${message.error}.`);
    return message;
  }

  /** Ends the child: politely, and where it does not go within a second, not. */
  async close(): Promise<void> {
    if (!this.#closing && this.#failure === undefined) {
      this.#closing = true;
      this.#child.stdin.end(`${JSON.stringify({ id: ++this.#asked, op: "close" })}\n`);
      this.#rejectAll(new EnvProtocolError("the environment was closed while a request was out."));
    }
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 1000);
    await this.#exited;
    clearTimeout(timer);
  }

  #answer(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new BackendError(`the environment process was silent for ${this.#milliseconds / 1000} s${this.#said()}.`));
      }, this.#milliseconds);
      this.#waiting.push({ resolve, reject, timer });
    });
  }

  #receive(line: string): void {
    const next = this.#waiting.shift();
    try {
      const message = parseMessage(line);
      if (next !== undefined) {
        clearTimeout(next.timer);
        next.resolve(message);
      } else if (!this.#closing) throw new EnvProtocolError("the environment process wrote a line that nobody asked for.");
    } catch (error) {
      if (next !== undefined) this.#waiting.unshift(next);
      this.#fail(asError(error));
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#rejectAll(this.#failure);
    this.#child.kill("SIGKILL");
  }

  #rejectAll(error: Error): void {
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(error);
    }
  }

  #said(): string {
    const words = this.#lastWords.trim();
    return words === "" ? "" : `; it last said ${JSON.stringify(words)}`;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new BackendError(`the environment process was ended: ${String(reason)}.`);
}
