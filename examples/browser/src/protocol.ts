// What the page and the worker that solves say to each other.
import type { SolveOptions, Status } from "mdpkit";
import type { Setting } from "./setting.ts";

/** Where the arithmetic runs: the library's own words. */
export type Device = NonNullable<SolveOptions<unknown, unknown>["device"]>;
export type Threads = NonNullable<SolveOptions<unknown, unknown>["threads"]>;

/** Half the gap has to be at most this. */
export const EPSILON = 1e-6;

/** `sweep`: one sweep of value iteration from what is proven so far. `solve`: the whole way, by the method that suits the model. */
export interface Task {
  readonly id: number;
  readonly kind: "sweep" | "solve";
  /** Present where it is another one than the task before had. */
  readonly setting: Setting | undefined;
  readonly device: Device;
  readonly threads: Threads;
  /** `sweep`: the lower bounds to go on from; undefined for the first one. */
  readonly from: Float64Array | undefined;
}

/** The gap between the bounds after so many sweeps. */
export interface GapAt {
  readonly sweep: number;
  readonly gap: number;
}

/** A solution, as plain data. */
export interface Answer {
  readonly status: Status;
  readonly method: string;
  readonly device: string;
  readonly threads: number;
  readonly sweeps: number;
  readonly seconds: number;
  /** The widest upper - lower. */
  readonly gap: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** The move of each cell, null where there is none. */
  readonly moves: readonly (string | null)[];
  /** The gaps on the way, where the sweeps told one. */
  readonly gaps: readonly GapAt[];
  /** What the solver noted on its decisions. */
  readonly notes: readonly string[];
}

/** What can be had where the worker runs. */
export interface Capabilities {
  /** Whether threads can share memory. */
  readonly isolated: boolean;
  readonly cores: number;
  /** The devices there are, and why the others are not. */
  readonly devices: readonly { readonly device: Device; readonly missing: string | undefined }[];
}

export type FromWorker =
  | { readonly kind: "ready"; readonly capabilities: Capabilities }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer }
  | { readonly kind: "failed"; readonly id: number; readonly message: string };
