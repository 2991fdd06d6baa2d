// The keys of mdpkit JSON around its transitions: read in any order, each checked, all faults collected.
import { describeValue, FormatError } from "../errors.ts";
import { compileInitial, type InitialDistribution, type Label, type LabelIndex, nearest, type Objective, startAt } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";
import { loadEvaluator } from "./expression.ts";
import { addUnknown, findByIndexOrLabel, readLabels } from "./json-labels.ts";
import type { JsonReader } from "./json-reader.ts";
import { collectIssues } from "./read-options.ts";

export const FORMAT = "mdpkit";
export const VERSION = 1;
const REQUIRED: readonly string[] = ["format", "version", "states", "actions", "transitions"];
const KNOWN: readonly string[] = [...REQUIRED, "discount", "objective", "initial", "terminal"];

/** The values of the keys but `transitions`, read so far, each with its place. */
export class Header {
  readonly #json: JsonReader;
  readonly #issues: IssueList;
  readonly #values = new Map<string, { readonly value: unknown; readonly where: string }>();
  #labels: { readonly states: LabelIndex<Label> | undefined; readonly actions: LabelIndex<Label> | undefined } | undefined;

  constructor(json: JsonReader, issues: IssueList) {
    this.#json = json;
    this.#issues = issues;
  }

  /** Reads the value of a key that is not `transitions`. */
  read(key: string): void {
    const where = `${key} (${this.#json.place(this.#json.offset)})`;
    const value = this.#json.value();
    if (!KNOWN.includes(key)) {
      const near = nearest(key, KNOWN);
      this.#issues.add(where, "is not a key of mdpkit JSON", KNOWN.join(", "), near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`);
    }
    this.#values.set(key, { value, where });
  }

  /** Whether states and actions have been read, so that transitions can be. */
  get hasLabels(): boolean {
    return this.#values.has("states") && this.#values.has("actions");
  }

  /** States and actions; undefined where they are missing or faulty. */
  labels(): { readonly states: LabelIndex<Label> | undefined; readonly actions: LabelIndex<Label> | undefined } {
    this.#labels ??= {
      states: this.#take("states", (value, where) => readLabels("state", value, where, this.#issues)),
      actions: this.#take("actions", (value, where) => readLabels("action", value, where, this.#issues)),
    };
    return this.#labels;
  }

  /** Checks what stands alone: required keys, format and version. */
  checkKeys(hasTransitions: boolean): void {
    for (const key of REQUIRED) {
      const has = key === "transitions" ? hasTransitions : this.#values.has(key);
      if (!has) this.#issues.add(`key ${JSON.stringify(key)}`, "is missing", `one of ${REQUIRED.join(", ")} each`);
    }
    this.#take("format", (value, where) => value !== FORMAT && this.#issues.add(where, `is ${describeValue(value)}`, JSON.stringify(FORMAT)));
    this.#take("version", (value, where) => value !== VERSION && this.#issues.add(where, `is ${describeValue(value)}`, String(VERSION)));
  }

  discount(): number | undefined {
    return this.#take("discount", (value, where) => {
      if (typeof value === "number" && value >= 0 && value <= 1) return value;
      return this.#fault(where, `is ${describeValue(value)}`, "a number from 0 to 1");
    });
  }

  objective(): Objective | undefined {
    return this.#take("objective", (value, where) => {
      if (value === "maximize" || value === "minimize") return value;
      return this.#fault(where, `is ${describeValue(value)}`, '"maximize" or "minimize"');
    });
  }

  terminal(states: LabelIndex<Label>): ReadonlySet<number> {
    const terminal = new Set<number>();
    this.#take("terminal", (value, where) => {
      if (!Array.isArray(value)) {
        this.#issues.add(where, `is ${describeValue(value)}`, "a list of states");
        return;
      }
      for (const [i, state] of value.entries()) {
        const s = findByIndexOrLabel(states, state);
        if (s < 0) addUnknown(this.#issues, where.replace("terminal", `terminal[${i}]`), states, state);
        else terminal.add(s);
      }
    });
    return terminal;
  }

  /** One state, or pairs [state, probability]. */
  async initial(states: LabelIndex<Label>): Promise<InitialDistribution | undefined> {
    const found = this.#values.get("initial");
    if (found === undefined) return undefined;
    const { value, where } = found;
    if (!Array.isArray(value)) {
      const s = findByIndexOrLabel(states, value);
      if (s >= 0) return startAt(s);
      addUnknown(this.#issues, where, states, value);
      return undefined;
    }
    const before = this.#issues.total;
    const pairs: [Label, number][] = [];
    for (const [i, pair] of value.entries()) {
      const at = where.replace("initial", `initial[${i}]`);
      if (!(Array.isArray(pair) && pair.length === 2)) {
        this.#issues.add(at, `is ${describeValue(pair)}`, "[state, probability]");
        continue;
      }
      const [state, given] = pair as [unknown, unknown];
      const s = findByIndexOrLabel(states, state);
      const probability = await this.#probability(given, at);
      if (s < 0) addUnknown(this.#issues, at, states, state);
      else if (probability !== undefined) pairs.push([states.at(s), probability]);
    }
    return this.#issues.total > before ? undefined : collectIssues(this.#issues, () => compileInitial(states, pairs));
  }

  async #probability(given: unknown, where: string): Promise<number | undefined> {
    if (typeof given === "number") return given;
    if (typeof given !== "string") return this.#fault(where, `has the probability ${describeValue(given)}`, 'a number or arithmetic such as "1/3"');
    const evaluate = await loadEvaluator();
    try {
      return evaluate(given);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return this.#fault(where, "has a probability that cannot be used", 'a number or arithmetic such as "1/3"', error.message);
    }
  }

  #fault(where: string, got: string, expected: string, hint?: string): undefined {
    this.#issues.add(where, got, expected, hint);
  }

  #take<T>(key: string, use: (value: unknown, where: string) => T): T | undefined {
    const found = this.#values.get(key);
    return found === undefined ? undefined : use(found.value, found.where);
  }
}
