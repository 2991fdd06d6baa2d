// The compiled Bellman operators: what the module exports, and instances of it over a memory.
import { BELLMAN_SHARED_WASM, BELLMAN_WASM } from "./bellman-module.ts";

/** What the module exports; pointers are byte offsets. */
export interface BellmanExports {
  readonly changeMin: WebAssembly.Global;
  readonly changeMax: WebAssembly.Global;
  readonly MODEL: WebAssembly.Global;
  readonly HELPED: WebAssembly.Global;
  readonly MOST_CHUNKS: WebAssembly.Global;
  readonly SWEEP: WebAssembly.Global;
  readonly POLICY_SWEEP: WebAssembly.Global;
  readonly CHOICE_VALUES: WebAssembly.Global;
  readonly HOLD: WebAssembly.Global;
  readonly HELD_SWEEP: WebAssembly.Global;
  readonly EXPECTATIONS: WebAssembly.Global;
  readonly LISTED_EXPECTATIONS: WebAssembly.Global;
  readonly EXPECTED_POLICY_SWEEP: WebAssembly.Global;
  readonly GREEDY_WITHIN: WebAssembly.Global;
  readonly TASK: WebAssembly.Global;
  setChange(min: number, max: number): void;
  join(block: number): void;
  serve(block: number): void;
  share(operator: number, v: number, out: number, policy: number, from: number, to: number, size: number, maySleep: number): void;
  sweep(v: number, out: number, policy: number, from: number, to: number): void;
  policySweep(v: number, out: number, policy: number, from: number, to: number): void;
  greedyWithin(v: number, tolerance: number, best: number, chosen: number, policy: number, from: number, to: number): void;
  expectations(v: number, from: number, to: number): void;
  listedExpectations(rows: number, v: number, from: number, to: number): void;
  expectedPolicySweep(v: number, out: number, policy: number, from: number, to: number): void;
  hold(policy: number, from: number, to: number): void;
  heldSweep(v: number, out: number, policy: number, from: number, to: number): void;
  gaussSeidel(v: number, policy: number, from: number, to: number, backwards: number): void;
  policyGaussSeidel(v: number, policy: number, from: number, to: number, backwards: number): void;
  choiceValues(v: number, out: number, from: number, to: number): void;
}

let own: WebAssembly.Module | undefined;
let shared: WebAssembly.Module | undefined;

/** The module for memories of one thread's own, or for shared ones. */
export function bellmanModule(forShared: boolean): WebAssembly.Module {
  if (forShared) {
    shared ??= compile(BELLMAN_SHARED_WASM);
    return shared;
  }
  own ??= compile(BELLMAN_WASM);
  return own;
}

/** The operators over a memory. */
export function bellmanOver(module: WebAssembly.Module, memory: WebAssembly.Memory): BellmanExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as BellmanExports;
}

function compile(base64: string): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}
