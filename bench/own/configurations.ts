// What is measured of mdpkit itself: every method on every kernel with every number of threads, and auto beside them.
import { cpus } from "node:os";
import type { MethodName } from "../../src/solvers/index.ts";

export interface Configuration {
  readonly method: MethodName;
  readonly device: "cpu" | "wasm";
  readonly threads: number;
}

const METHODS: readonly MethodName[] = ["auto", "modified-policy-iteration", "value-iteration", "gauss-seidel", "policy-iteration"];

/** Threads that are measured: one, and one a core. */
export function threadCounts(): number[] {
  return [...new Set([1, Math.min(8, cpus().length)])];
}

export function configurations(): Configuration[] {
  const kernels = [{ device: "cpu", threads: 1 } as const, ...threadCounts().map((threads) => ({ device: "wasm", threads }) as const)];
  return kernels.flatMap((kernel) => METHODS.map((method) => ({ method, ...kernel })));
}

/** The configuration's options of `solve`. */
export function solveOptions({ method, device, threads }: Configuration): {
  readonly method: MethodName;
  readonly device: "cpu" | "wasm";
  readonly threads: number;
} {
  return { method, device, threads };
}
