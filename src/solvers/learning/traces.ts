// Eligibility traces: how much each entry of a table is answerable for the error of this step.
import { OptionError } from "../../errors.ts";
import type { AgentState } from "./agent.ts";
import { loadList, loadTable, saveTable } from "./saved.ts";

/** What a visit does to an entry's trace: add 1, set it to 1, or add what makes the forward view exact online. */
export type TraceKind = "accumulating" | "replacing" | "dutch";

/** A trace smaller than this is dropped, so that a step costs as much as there are live traces. */
const DROP = 1e-9;

/** Traces of the entries of a table, with a list of those that are not 0. */
export class Traces {
  readonly trace: Float64Array;
  /** `live[0 .. count)` are the entries with a trace. */
  readonly live: Int32Array;
  count = 0;

  constructor(size: number) {
    this.trace = new Float64Array(size);
    this.live = new Int32Array(size);
  }

  /** Every trace times `factor`; those that become too small are dropped. */
  decay(factor: number): void {
    const { trace, live } = this;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const entry = live[i]!;
      const x = trace[entry]! * factor;
      if (Math.abs(x) < DROP) trace[entry] = 0;
      else {
        trace[entry] = x;
        live[kept++] = entry;
      }
    }
    this.count = kept;
  }

  /** A visit of an entry, after the decay. `rate` matters to dutch traces alone. */
  visit(entry: number, kind: TraceKind, rate: number): void {
    const before = this.trace[entry]!;
    if (before === 0) this.live[this.count++] = entry;
    this.trace[entry] = kind === "accumulating" ? before + 1 : kind === "replacing" ? 1 : before + 1 - rate * before;
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.trace[this.live[i]!] = 0;
    this.count = 0;
  }

  /** table[entry] += amount · trace, for every live entry. */
  addTo(table: Float64Array, amount: number): void {
    const { trace, live, count } = this;
    for (let i = 0; i < count; i++) {
      const entry = live[i]!;
      table[entry] = table[entry]! + amount * trace[entry]!;
    }
  }

  save(): AgentState {
    return { trace: saveTable(this.trace), live: Array.from(this.live.subarray(0, this.count)) };
  }

  load(saved: AgentState): void {
    loadTable(saved, "trace", this.trace);
    this.count = 0;
    for (const entry of loadList(saved, "live")) this.live[this.count++] = entry;
  }
}

/** @throws OptionError unless 0 <= lambda <= 1. */
export function checkLambda(lambda: number): number {
  if (!(lambda >= 0 && lambda <= 1)) throw new OptionError("lambda", lambda, "a number from 0 to 1");
  return lambda;
}
