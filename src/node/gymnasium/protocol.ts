// The line protocol of environments in another process: what its lines may hold, checked before anything is believed.
import { describeValue, EnvProtocolError } from "../../errors.ts";

/** The name and version that the first line of a process must carry. */
export const PROTOCOL = "mdpkit-env";
export const PROTOCOL_VERSION = 1;

/** A line as parsed: an object of anything. */
export type Message = Readonly<Record<string, unknown>>;

/** What the first line says. */
export interface Hello {
  readonly gymnasium: string;
  readonly python: string;
}

/** What `make` answers. `parts`: the size and first value of each discrete part of a space. */
export interface Made {
  readonly stateParts: readonly Part[];
  readonly actionParts: readonly Part[];
  /** After how many steps Gymnasium truncates, if it does. */
  readonly maxSteps: number | undefined;
}

/** One discrete part of a space: how many values, and the first of them. */
export type Part = readonly [size: number, start: number];

/** @throws EnvProtocolError for a line that is no JSON object. */
export function parseMessage(line: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new EnvProtocolError(`the environment process answered ${describeValue(line)}, expected a line of JSON.`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new EnvProtocolError(`the environment process answered ${describeValue(line)}, expected a JSON object.`);
  // An object that is no array, as just seen: its keys are strings.
  return value as Message;
}

/** @throws EnvProtocolError for another program, or another version of the protocol. */
export function readHello(message: Message): Hello {
  if (message.protocol !== PROTOCOL || message.version !== PROTOCOL_VERSION)
    throw new EnvProtocolError(
      `the environment process speaks ${describeValue(message.protocol)} version ${describeValue(message.version)}, expected "${PROTOCOL}" version ${PROTOCOL_VERSION}.`,
    );
  return { gymnasium: String(message.gymnasium), python: String(message.python) };
}

/** @throws EnvProtocolError */
export function readMade(message: Message): Made {
  const { maxSteps } = message;
  if (!(maxSteps === null || (Number.isInteger(maxSteps) && Number(maxSteps) >= 1))) throw unexpected("maxSteps", maxSteps, "a positive integer or null");
  return {
    stateParts: partsOf("stateParts", message.stateParts),
    actionParts: partsOf("actionParts", message.actionParts),
    maxSteps: maxSteps === null ? undefined : Number(maxSteps),
  };
}

function partsOf(where: string, value: unknown): Part[] {
  if (!Array.isArray(value) || value.length === 0) throw unexpected(where, value, "pairs [size, start]");
  return value.map((part: unknown) => {
    const [size, start] = Array.isArray(part) ? part.map(Number) : [];
    if (size === undefined || start === undefined || !(Number.isInteger(size) && size >= 1 && Number.isInteger(start)))
      throw unexpected(where, part, "a pair [size, start]");
    return [size, start];
  });
}

/**
 * Copies an answer's states into `out` from position `at` on.
 *
 * @throws EnvProtocolError unless there is one an environment, each from 0 to states - 1.
 */
export function readStates(value: unknown, states: number, out: Int32Array, at: number, count: number): void {
  const given = listOf("state", value, count);
  for (let i = 0; i < count; i++) {
    const s: unknown = given[i];
    if (!(typeof s === "number" && Number.isInteger(s) && s >= 0 && s < states)) throw unexpected(`state[${i}]`, s, `an integer from 0 to ${states - 1}`);
    out[at + i] = s;
  }
}

/** Copies an answer's rewards. @throws EnvProtocolError unless there is one finite number an environment. */
export function readRewards(value: unknown, out: Float64Array, at: number, count: number): void {
  const given = listOf("reward", value, count);
  for (let i = 0; i < count; i++) {
    const r: unknown = given[i];
    if (!(typeof r === "number" && Number.isFinite(r))) throw unexpected(`reward[${i}]`, r, "a finite number");
    out[at + i] = r;
  }
}

/** One episode's end. */
export interface Ended {
  readonly environment: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly finalState: number;
}

/** @throws EnvProtocolError */
export function readEnded(value: unknown, states: number, count: number): Ended[] {
  if (!Array.isArray(value)) throw unexpected("ended", value, "a list of ends");
  return value.map((end: unknown, k) => {
    const [environment, kind, finalState] = Array.isArray(end) ? end.map(Number) : [];
    const holds =
      environment !== undefined &&
      finalState !== undefined &&
      Number.isInteger(environment) &&
      environment >= 0 &&
      environment < count &&
      (kind === 1 || kind === 2 || kind === 3) &&
      Number.isInteger(finalState) &&
      finalState >= 0 &&
      finalState < states;
    if (!holds) throw unexpected(`ended[${k}]`, end, "[environment, 1, 2 or 3, final state]");
    // Ended by the model counts for more than cut off in the same step: nothing follows, so nothing is bootstrapped.
    return { environment, terminated: kind !== 2, truncated: kind === 2, finalState };
  });
}

function listOf(where: string, value: unknown, count: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== count) throw unexpected(where, value, `${count} entries, one an environment`);
  return value;
}

function unexpected(where: string, got: unknown, expected: string): EnvProtocolError {
  return new EnvProtocolError(`the environment process answered ${where} ${describeValue(got)}, expected ${expected}.`);
}
