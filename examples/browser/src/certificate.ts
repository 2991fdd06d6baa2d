// What is proven so far, in words: the start's bounds, the gap, and what computed them.
import { boundText, countText, gapText, secondsText, valueText } from "./numbers.ts";
import { type Answer, EPSILON } from "./protocol.ts";

/** An answer and how it came about. */
export interface Proof {
  readonly answer: Answer;
  /** Sweeps and seconds since the sweeps began, where they were watched one by one. */
  readonly sweeps: number;
  readonly seconds: number;
  readonly watched: boolean;
}

const KERNELS: Readonly<Record<string, string>> = { cpu: "TypeScript", wasm: "WebAssembly", webgpu: "WebGPU", webgl: "WebGL", tfjs: "WebGL" };

/** Kernels that share their sweeps among threads of the CPU. */
const ON_CPU = ["cpu", "wasm"];

/** The kernel by its usual name. Two with a + between them: the second one finished what the first one left. */
export function kernelName(device: string): string {
  return device
    .split("+")
    .map((name) => KERNELS[name] ?? name)
    .join(", then ");
}

/** One sentence on where the proof stands. */
export function statusText({ answer, sweeps }: Proof, start: number): string {
  const { status, gap, lower, upper } = answer;
  if (status !== "converged") return `${countText(sweeps, "sweep")} so far: every value is proven to within ${gapText(gap / 2)}.`;
  if (Math.max(...upper) <= 0) return "Proven: there is no goal that can be reached.";
  if ((upper[start] ?? 0) <= EPSILON) return "Proven: from the start no goal is worth anything.";
  return `Proven: every value is within ${gapText(gap / 2)} of the optimum; the start is worth ${valueText(middle(lower, upper, start), gap)}.`;
}

/** Names and values, as pairs. */
export function facts({ answer, sweeps, seconds }: Proof, start: number): readonly (readonly [string, string])[] {
  const { method, device, threads, gap, lower, upper, notes } = answer;
  const kernel = ON_CPU.includes(device) ? `${kernelName(device)}, ${countText(threads, "thread")}` : `${kernelName(device)}: float32 sweeps, float64 proof`;
  return [
    ["Start worth", `${boundText(lower[start] ?? 0, gap)} to ${boundText(upper[start] ?? 0, gap)}`],
    ["Widest gap", `${gapText(gap)}, asked: ${gapText(2 * EPSILON)}`],
    ["Method", `${method.replaceAll("-", " ")}, ${countText(sweeps, "sweep")}`],
    ["Kernel", kernel],
    ["Solver time", secondsText(seconds)],
    ...(notes.length === 0 ? [] : [["Decided", [...new Set(notes)].join("; ")] as const]),
  ];
}

function middle(lower: Float64Array, upper: Float64Array, state: number): number {
  return ((lower[state] ?? 0) + (upper[state] ?? 0)) / 2;
}
