// A trace written to a file while the run is under way: every line whole as soon as its record is made, whatever ends the process after.
import { appendFile } from "node:fs/promises";
import { type Trace, type TraceRecord, traceLine } from "../agent/index.ts";
import { asOutside, writeFileAtomically } from "./write-file.ts";

/**
 * Answers what `runAgent` takes as `onRecord`.
 *
 * @param resumed the trace that the run goes on with: a file that holds it is replaced only once all its steps came out again.
 * @throws OutsideError, when called, where the file system refuses.
 * @example
 * await runAgent({ env, planner, onRecord: traceFile("run.jsonl") });
 * const trace = readTrace(await readFile("run.jsonl", "utf8"), { cutOff: true });
 */
export function traceFile(path: string, resumed?: Trace): (record: TraceRecord) => Promise<void> {
  let waiting = 1 + (resumed === undefined ? 0 : resumed.steps.length);
  let text = "";
  return async (record) => {
    if (waiting === 0) {
      await asOutside(path, () => appendFile(path, traceLine(record)));
      return;
    }
    text += traceLine(record);
    waiting--;
    // An end that comes early is that of a run which could not even begin: the old trace is worth more.
    if (waiting === 0) await writeFileAtomically(path, text);
  };
}
