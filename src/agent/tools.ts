// Tools a planner may call in text: `TOOL name {json}`, strictly parsed, typed, limited, errors fed back.
import { MdpkitError, OptionError } from "../errors.ts";
import type { Json } from "./json.ts";

/** The types an input field may have. */
export type FieldType = "string" | "number" | "integer" | "boolean";

interface FieldValues {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
}

/** Field names with their types; every field is required and no other is taken. */
export type InputSchema = Readonly<Record<string, FieldType>>;

/** The values a schema describes. */
export type InputOf<I extends InputSchema> = { readonly [K in keyof I]: FieldValues[I[K]] };

/** Where the agent stands when it calls a tool. */
export interface ToolContext<S, A> {
  readonly state: S;
  readonly observation: string;
  readonly actions: readonly A[];
  readonly names: readonly string[];
  readonly signal: AbortSignal;
}

/** A named tool. Make one with `defineTool`, which types its input by its schema. */
export interface Tool<S, A> {
  /** Lower-case letters, digits and dashes, such as `lookup-value`. */
  readonly name: string;
  /** One line for the prompt. */
  readonly description: string;
  readonly input: InputSchema;
  run(input: Readonly<Record<string, string | number | boolean>>, context: ToolContext<S, A>): Json | Promise<Json>;
}

/** What became of a call. */
export interface ToolResult {
  readonly tool: string | null;
  readonly ok: boolean;
  /** What the planner is told. */
  readonly text: string;
}

export interface ToolLimits {
  /** Calls a step. Default 4. */
  readonly callsPerStep?: number | undefined;
  /** Characters of an answer; longer ones are cut and say so. Default 500. */
  readonly outputCharacters?: number | undefined;
}

/**
 * Declares a tool, its input typed by its schema.
 *
 * @example
 * const double = defineTool({
 *   name: "double", description: "twice a number", input: { x: "number" }, run: ({ x }) => 2 * x,
 * });
 * // the planner writes: TOOL double {"x": 21}
 */
export function defineTool<const I extends InputSchema, S = unknown, A = unknown>(tool: {
  readonly name: string;
  readonly description: string;
  readonly input: I;
  readonly run: (input: InputOf<I>, context: ToolContext<S, A>) => Json | Promise<Json>;
}): Tool<S, A> {
  return {
    name: tool.name,
    description: tool.description,
    input: tool.input,
    // `ToolBox.call` has checked the input against this very schema.
    run: (input, context) => tool.run(input as InputOf<I>, context),
  };
}

/**
 * The tools of one run.
 *
 * @example
 * const box = new ToolBox([double]);
 * await box.call('TOOL double {"x": 21}', context); // { tool: "double", ok: true, text: "42" }
 */
export class ToolBox<S, A> {
  readonly callsPerStep: number;
  readonly #tools: ReadonlyMap<string, Tool<S, A>>;
  readonly #outputCharacters: number;

  /** @throws OptionError for a bad or double name or limit. */
  constructor(tools: readonly Tool<S, A>[], limits: ToolLimits = {}) {
    const { callsPerStep = 4, outputCharacters = 500 } = limits;
    if (!(Number.isInteger(callsPerStep) && callsPerStep >= 0)) throw new OptionError("toolLimits.callsPerStep", callsPerStep, "an integer of at least 0");
    if (!(outputCharacters >= 1)) throw new OptionError("toolLimits.outputCharacters", outputCharacters, "a number of at least 1");
    for (const { name } of tools) {
      if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new OptionError("tool.name", name, "lower-case letters, digits and dashes");
    }
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    if (this.#tools.size < tools.length) throw new OptionError("tools", tools.map((tool) => tool.name).join(", "), "every name once");
    this.callsPerStep = callsPerStep;
    this.#outputCharacters = outputCharacters;
  }

  get size(): number {
    return this.#tools.size;
  }

  /** One line a tool, for the prompt. */
  describe(): string {
    return [...this.#tools.values()].map((tool) => `TOOL ${tool.name} ${schemaText(tool.input)} - ${tool.description}`).join("\n");
  }

  /** Whether a text means to call a tool, rightly or wrongly written. */
  isCall(text: string): boolean {
    return /^\s*TOOL\b/.test(text);
  }

  /** Runs a call. Whatever is wrong with it, also an error thrown by the tool, comes back as text. */
  async call(text: string, context: ToolContext<S, A>): Promise<ToolResult> {
    const match = /^\s*TOOL ([a-z][a-z0-9-]*) (\{[^\n]*\})\s*$/.exec(text);
    if (match === null) return failed(null, 'not a tool call. Write one line: TOOL name {"field": value}');
    const [, name = "", json = ""] = match;
    const tool = this.#tools.get(name);
    if (tool === undefined) return failed(null, `no such tool. There are: ${[...this.#tools.keys()].join(", ")}`);
    const input = checkInput(json, tool.input);
    if (typeof input === "string") return failed(name, input);
    try {
      return { tool: name, ok: true, text: this.#cut(JSON.stringify(await tool.run(input, context))) };
    } catch (error) {
      // An error of our own explains itself; another's message may say more than a model should read.
      return failed(name, error instanceof MdpkitError ? this.#cut(error.message) : "the tool failed");
    }
  }

  #cut(text: string): string {
    return text.length <= this.#outputCharacters ? text : `${text.slice(0, this.#outputCharacters)}... (cut)`;
  }
}

function failed(tool: string | null, why: string): ToolResult {
  return { tool, ok: false, text: `error: ${why}` };
}

/** The input, or what is wrong with it. */
function checkInput(json: string, schema: InputSchema): Record<string, string | number | boolean> | string {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    return `the input is not JSON, expected ${schemaText(schema)}`;
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return `the input is not an object, expected ${schemaText(schema)}`;
  const input: Record<string, string | number | boolean> = Object.create(null);
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(schema, field)) return `an unknown field, expected ${schemaText(schema)}`;
    input[field] = value;
  }
  for (const [field, type] of Object.entries(schema)) {
    if (!fits(input[field], type)) return `"${field}" is missing or not a ${type}, expected ${schemaText(schema)}`;
  }
  return input;
}

function fits(value: unknown, type: FieldType): boolean {
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type && (typeof value !== "number" || Number.isFinite(value));
}

function schemaText(schema: InputSchema): string {
  return `{${Object.entries(schema)
    .map(([field, type]) => `"${field}": ${type}`)
    .join(", ")}}`;
}
