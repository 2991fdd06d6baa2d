// Every exact method under one signature: suites run over all of them. New methods and kernels join the list.
import type { Device } from "../../src/kernels/index.ts";
import type { Mdp } from "../../src/mdp/index.ts";
import { modifiedPolicyIteration, policyIteration, type Solution, type SolveOptions, solve, valueIteration } from "../../src/solvers/index.ts";

export interface MethodUnderTest {
  readonly name: string;
  readonly solve: <S, A>(mdp: Mdp<S, A>, options?: SolveOptions<S, A>) => Promise<Solution<S, A>>;
}

/** Where the sweeps run, and by how many threads. New kernels join the list. */
export const PLACES: readonly { readonly device: Device; readonly threads: number }[] = [
  { device: "cpu", threads: 1 },
  { device: "wasm", threads: 1 },
  { device: "wasm", threads: 2 },
  { device: "wasm", threads: 3 },
];

export const METHODS: readonly MethodUnderTest[] = [
  { name: "value iteration", solve: (mdp, options) => valueIteration(mdp, options) },
  { name: "Gauss-Seidel", solve: (mdp, options) => valueIteration(mdp, { ...options, order: "gauss-seidel" }) },
  { name: "policy iteration", solve: (mdp, options) => policyIteration(mdp, options) },
  { name: "modified policy iteration", solve: (mdp, options) => modifiedPolicyIteration(mdp, options) },
  { name: "solve", solve: (mdp, options) => solve(mdp, options) },
];
