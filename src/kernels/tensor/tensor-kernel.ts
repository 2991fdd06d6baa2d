// The interface between device solvers and tensors: Bellman operators in float32 over a model placed on a device, one value vector or a batch of them.
import type { TensorLike, Tfjs } from "./tfjs.ts";

/** Devices that compute on tensors. `tfjs`: whichever backend TensorFlow.js is set to, by composed operations; slow, for reach. */
export type TensorDevice = "webgpu" | "tensorflow" | "tfjs";

/**
 * Bellman operators of one model on tensors, always maximising, in float32.
 *
 * Values are tensors [S], or [S, B] for a batch of B problems over one transition kernel; Q is [C] or [C, B]; policies are int32 [S] or [S, B], a choice a
 * state, -1 in terminal states. Terminal states' values are 0. Operators queue work and return at once; `read` waits for it. Every tensor returned is the
 * caller's to dispose. Nothing here is proven: float32 results are start values for float64.
 */
export interface TensorKernel {
  readonly device: TensorDevice;
  /** The tfjs backend that computes: "webgpu", "tensorflow", "webgl", "cpu", ... */
  readonly backend: string;
  readonly tf: Tfjs;
  readonly stateCount: number;
  readonly choiceCount: number;
  /** B: how many value vectors are swept at once. */
  readonly batch: number;
  /** Whether a policy's sweep costs much less than one of all choices. */
  readonly evaluatesCheaply: boolean;
  /** A value tensor from S (or S·B, state by state) numbers; zeros without. */
  values(from?: Float64Array): TensorLike;
  /** Replaces the rewards by C numbers, or C·B choice by choice, times `scale`. */
  setReward(reward: Float64Array, scale?: number): void;
  /** max_c Q(c), plus `shift` where there are choices. */
  sweep(v: TensorLike, shift?: number): TensorLike;
  /** R + γ Σ p v of every choice. */
  q(v: TensorLike): TensorLike;
  /** The best choices; a tie keeps the incumbent's, without one the lowest. */
  greedy(v: TensorLike, incumbent?: TensorLike): TensorLike;
  /** T_π v, plus `shift` where there are choices. */
  policySweep(v: TensorLike, policy: TensorLike, shift?: number): TensorLike;
  /** The smallest and largest next - v: [2], or [2, B]. */
  change(v: TensorLike, next: TensorLike): TensorLike;
  /** Waits for a tensor's numbers. @throws BackendError where the device was lost or ran out of memory. */
  read(tensor: TensorLike): Promise<Float32Array | Int32Array>;
  /** Lets go of the model. Tensors handed out stay their owners'. */
  dispose(): void;
}

export interface TensorKernelOptions {
  /** Default 1. */
  readonly batch?: number | undefined;
  /** B discounts in place of one. */
  readonly discounts?: readonly number[] | undefined;
  /** The longest array bound at once, in bytes. Default: what the device allows. Tests set it low. */
  readonly bindingLimit?: number | undefined;
}
