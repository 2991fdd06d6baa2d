// Environments that answer in their own time: another process, a server, a robot. The protocol is that of `Env`.
import type { Objective } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import type { Env, Step } from "./env.ts";
import type { VectorEnv, VectorStep } from "./vector-env.ts";

/** An answer, or a promise of one. */
export type Awaitable<T> = T | Promise<T>;

/**
 * An environment whose reset and step may take a while. Every `Env` is one.
 *
 * @example
 * async function first(env: AsyncEnv<unknown, unknown>) { return (await env.reset({ seed: 7 })).state; }
 */
export interface AsyncEnv<S, A> extends Pick<Env<S, A>, "states" | "actions" | "choices" | "discount" | "objective"> {
  reset(options?: { readonly seed?: Seed }): Awaitable<Step>;
  step(action: number): Awaitable<Step>;
  render?(): Awaitable<string>;
}

/** Environments in step that may take a while: an episode that ends begins anew within the same step. Every `VectorEnv` is one. */
export interface AsyncVectorEnv<S, A> extends Pick<VectorEnv<S, A>, "states" | "actions" | "choices" | "size"> {
  readonly discount?: number | undefined;
  readonly objective?: Objective | undefined;
  reset(options?: { readonly seed?: Seed }): Awaitable<VectorStep>;
  /** One action an environment. */
  step(actions: ArrayLike<number>): Awaitable<VectorStep>;
}
