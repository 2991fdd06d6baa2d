// What a solver may be told, and the checks on it: a bad option fails before anything is computed.
import { OptionError, ShapeError } from "../errors.ts";
import type { Device, KernelOptions, Threads } from "../kernels/index.ts";
import { checkDiscount, checkObjective, type Mdp, type Objective } from "../mdp/index.ts";
import type { Policy } from "../policies/policy.ts";
import type { Method } from "./solution.ts";

/** What `onProgress` is told, at most every 40 ms. */
export interface SolveProgress {
  readonly method: Method;
  readonly sweep: number;
  /** Sup norm of the last change. */
  readonly residual: number;
  /** Width of the bounds as the last change tells them; Infinity where it does not. */
  readonly gap: number;
  readonly seconds: number;
}

export interface SolveOptions<S, A> {
  /** γ; by default the model's own. */
  readonly discount?: number | undefined;
  /** By default the model's own. */
  readonly objective?: Objective | undefined;
  /** The largest true error of `value` in the sup norm, rounding included. Default 1e-6. */
  readonly epsilon?: number | undefined;
  /** Default: none. */
  readonly maxSweeps?: number | undefined;
  readonly maxSeconds?: number | undefined;
  /** Where the arithmetic runs. Default "auto": by the size of the model. The answer is the same. */
  readonly device?: Device | undefined;
  /** How many threads share a synchronous sweep. Default "auto": by the size of the model and the cores there are. The answer is the same to the last bit. */
  readonly threads?: Threads | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SolveProgress) => void) | undefined;
  /** S values to start from. Copied; the certified answer does not depend on it. */
  readonly initialValue?: Float64Array | undefined;
  /** A policy to start from, such as a prior. The certified answer does not depend on it. */
  readonly initialPolicy?: Policy<S, A> | undefined;
}

/** Options with their defaults filled in. */
export interface CheckedOptions extends KernelOptions {
  readonly discount: number;
  readonly objective: Objective;
  readonly epsilon: number;
  readonly maxSweeps: number;
  readonly maxSeconds: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: SolveProgress) => void) | undefined;
  readonly initialValue: Float64Array | undefined;
  /** S choices, -1 where terminal; undefined without an initial policy. */
  readonly initialChoice: Int32Array | undefined;
}

/** @throws OptionError, ShapeError */
export function checkOptions<S, A>(mdp: Mdp<S, A>, options: SolveOptions<S, A>): CheckedOptions {
  const epsilon = options.epsilon ?? 1e-6;
  if (!(epsilon > 0 && epsilon < Infinity)) throw new OptionError("epsilon", epsilon, "a positive finite number");
  const maxSweeps = options.maxSweeps ?? Infinity;
  if (!(maxSweeps >= 1 && (maxSweeps === Infinity || Number.isInteger(maxSweeps)))) throw new OptionError("maxSweeps", maxSweeps, "a positive integer");
  const maxSeconds = options.maxSeconds ?? Infinity;
  if (!(maxSeconds > 0)) throw new OptionError("maxSeconds", maxSeconds, "a positive number");
  const threads = options.threads ?? "auto";
  if (threads !== "auto" && !(Number.isInteger(threads) && threads >= 1 && threads <= 256))
    throw new OptionError("threads", threads, '"auto" or an integer from 1 to 256');
  return {
    discount: requireDiscount(mdp, options.discount),
    objective: options.objective === undefined ? mdp.objective : checkObjective(options.objective),
    epsilon,
    maxSweeps,
    maxSeconds,
    device: options.device ?? "auto",
    threads,
    signal: options.signal,
    onProgress: options.onProgress,
    initialValue: checkInitialValue(mdp, options.initialValue),
    initialChoice: options.initialPolicy === undefined ? undefined : initialChoices(mdp, options.initialPolicy),
  };
}

/** The discount of the options, else of the model. @throws OptionError if neither has one. */
export function requireDiscount<S, A>(mdp: Mdp<S, A>, discount: number | undefined): number {
  const found = discount ?? mdp.discount;
  if (found === undefined) throw new OptionError("discount", undefined, "a number from 0 to 1", "the model carries none: pass discount.");
  return checkDiscount(found);
}

function checkInitialValue<S, A>(mdp: Mdp<S, A>, value: Float64Array | undefined): Float64Array | undefined {
  if (value === undefined) return undefined;
  if (value.length !== mdp.stateCount) throw new ShapeError(`initialValue has ${value.length} entries, expected ${mdp.stateCount}, one a state.`);
  const bad = value.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new OptionError(`initialValue[${bad}]`, value[bad], "a finite number");
  return value;
}

function initialChoices<S, A>(mdp: Mdp<S, A>, policy: Policy<S, A>): Int32Array {
  const { stateChoices, choiceAction } = policy.space.choices;
  const same =
    stateChoices.length === mdp.storage.stateChoices.length &&
    choiceAction.length === mdp.choiceCount &&
    stateChoices.every((offset, s) => offset === mdp.storage.stateChoices[s]);
  if (!same)
    throw new ShapeError(
      `initialPolicy is for ${stateChoices.length - 1} states and ${choiceAction.length} choices, expected the model's ${mdp.stateCount} and ${mdp.choiceCount}.`,
    );
  return Int32Array.from({ length: mdp.stateCount }, (_, s) => policy.modeAt(s));
}
