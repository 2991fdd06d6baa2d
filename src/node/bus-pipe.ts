// The message bus between processes: messages as lines of JSON over any pair of streams, such as a child's standard input and output.
import type { Readable, Writable } from "node:stream";
import type { BusMessage, MessageBus, Topics } from "../agent/index.ts";
import { describeValue, EnvProtocolError } from "../errors.ts";
import { readLines } from "./lines.ts";

export interface BusPipeOptions {
  /** The longest line that is taken or sent, in bytes. Default 1 MiB. */
  readonly mostBytes?: number | undefined;
  /** Bytes that may wait to be written: an end that does not read is given up. Default 16 MiB. */
  readonly mostWaiting?: number | undefined;
  /** Told why a line was refused; the pipe goes on. */
  readonly onRefused?: ((why: string) => void) | undefined;
}

export interface BusPipe {
  /** Settles when the pipe is at its end: undefined where the other end left, else what was wrong with it. */
  readonly ended: Promise<EnvProtocolError | undefined>;
  /** Says no more and hears no more. */
  close(): void;
}

const HELLO = { protocol: "mdpkit-bus", version: 1 } as const;

/**
 * Joins a bus to the one at the other end of a pipe. What arrives is checked as `MessageBus.receive` does: anything else is refused, told and left at that.
 *
 * @example
 * const pipe = busPipe(bus, child.stdout, child.stdin);
 * await pipe.ended;
 */
export function busPipe<T extends Topics>(bus: MessageBus<T>, input: Readable, output: Writable, options: BusPipeOptions = {}): BusPipe {
  const { mostBytes = 2 ** 20, mostWaiting = 2 ** 24, onRefused } = options;
  let greeted = false;
  let settle: ((error: EnvProtocolError | undefined) => void) | undefined;
  const ended = new Promise<EnvProtocolError | undefined>((resolve) => {
    settle = resolve;
  });
  const finish = (error?: EnvProtocolError): void => {
    unlink();
    stopReading();
    settle?.(error);
  };
  const send = (message: object): void => {
    if (output.destroyed || output.writableEnded) return;
    const line = `${JSON.stringify(message)}\n`;
    if (line.length > mostBytes) onRefused?.(`a message of ${line.length} bytes was not sent, expected at most ${mostBytes}`);
    else output.write(line);
    if (output.writableLength > mostWaiting)
      finish(new EnvProtocolError(`${output.writableLength} bytes wait to be written to the bus pipe, expected an end that reads.`));
  };
  const carry = (message: BusMessage<T>): void => send(message);
  const unlink = bus.link(carry);
  const stopReading = readLines(input, mostBytes, {
    onLine: (line) => {
      const message = parsed(line);
      if (greeted) {
        const why = message === undefined ? `a line that is no JSON: ${describeValue(line)}` : bus.receive(message, carry);
        if (why !== undefined) onRefused?.(why);
      } else if (isHello(message)) greeted = true;
      else finish(new EnvProtocolError(`the bus pipe begins with ${describeValue(line)}, expected ${JSON.stringify(HELLO)}.`));
    },
    onEnd: () => finish(),
    onTooLong: () => finish(new EnvProtocolError(`the bus pipe brought a line of more than ${mostBytes} bytes, expected a shorter one.`)),
  });
  // An end that is gone is told by the end of the input, or here; writing to it must not end this process.
  output.on("error", () => finish());
  send(HELLO);
  return { ended, close: () => finish() };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isHello(message: unknown): boolean {
  return (
    typeof message === "object" &&
    message !== null &&
    "protocol" in message &&
    message.protocol === HELLO.protocol &&
    "version" in message &&
    message.version === HELLO.version
  );
}
