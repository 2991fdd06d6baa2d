// Numbers in saved JSON: arrays and tables read straight into float64, infinities as strings, null where there is no number.
import { describeValue } from "../errors.ts";
import { GrowableFloat64 } from "../mdp/growable.ts";
import type { IssueList } from "../mdp/issues.ts";
import type { JsonReader } from "./json-reader.ts";

/** A dense table, row by row; NaN stands for null. */
export interface JsonTable {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  /** Flags of the rows that are null as a whole. */
  readonly absent: Uint8Array;
}

/** A number, or an infinity as a string; undefined for anything else. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (value === "Infinity") return Infinity;
  return value === "-Infinity" ? -Infinity : undefined;
}

/** An array of numbers; undefined, with issues, if it is something else. */
export function readNumbers(json: JsonReader, where: string, issues: IssueList): Float64Array | undefined {
  if (!enters(json, where, issues)) return undefined;
  const before = issues.total;
  const numbers = new GrowableFloat64(64);
  for (let more = json.firstItem(); more; more = json.nextItem()) numbers.push(readNumber(json, () => `${where}[${numbers.length}]`, issues));
  return issues.total > before ? undefined : numbers.done();
}

/** An array of rows of equal length, or null for a row; undefined, with issues, if it is something else. */
export function readTable(json: JsonReader, where: string, issues: IssueList): JsonTable | undefined {
  if (!enters(json, where, issues)) return undefined;
  const before = issues.total;
  const data = new GrowableFloat64(256);
  const absent: number[] = [];
  let columns = -1;
  let rows = 0;
  for (let more = json.firstItem(); more; more = json.nextItem(), rows++) {
    const kind = json.kind();
    if (kind !== "array" && kind !== "null") {
      issues.add(`${where}[${rows}]`, `is ${describeValue(json.value())}`, "a list of numbers, or null");
      continue;
    }
    if (kind === "null") {
      json.skip();
      absent.push(rows);
      for (let k = 0; k < columns; k++) data.push(Number.NaN);
      continue;
    }
    const from = data.length;
    for (let item = json.firstItem(); item; item = json.nextItem()) {
      if (json.kind() === "null") {
        json.skip();
        data.push(Number.NaN);
      } else {
        data.push(readNumber(json, () => `${where}[${rows}][${data.length - from}]`, issues));
      }
    }
    const length = data.length - from;
    if (columns < 0) {
      columns = length;
      // The null rows before the first that shows how long rows are.
      for (let k = 0; k < rows * columns; k++) data.push(Number.NaN);
      data.array.copyWithin(rows * columns, 0, length).fill(Number.NaN, 0, rows * columns);
    } else if (length !== columns) {
      issues.add(`${where}[${rows}]`, `has ${length} entries`, `${columns}, as the rows before it`);
    }
  }
  if (issues.total > before) return undefined;
  const flags = new Uint8Array(rows);
  for (const row of absent) flags[row] = 1;
  return { rows, columns: Math.max(0, columns), data: data.done(), absent: flags };
}

function enters(json: JsonReader, where: string, issues: IssueList): boolean {
  if (json.kind() === "array") return true;
  issues.add(where, `is ${describeValue(json.value())}`, "a list");
  return false;
}

function readNumber(json: JsonReader, where: () => string, issues: IssueList): number {
  const value = json.kind() === "number" ? json.number() : json.value();
  const number = asNumber(value);
  if (number === undefined) issues.add(where(), `is ${describeValue(value)}`, 'a number, "Infinity" or "-Infinity"');
  return number ?? Number.NaN;
}
