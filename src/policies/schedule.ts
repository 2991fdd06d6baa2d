// Schedules: numbers that change while learning, such as learning rates and exploration rates.
import { OptionError } from "../errors.ts";

/**
 * A number at a moment of learning. `step` counts the steps taken before this one, from 0; `visits` counts how often the
 * choice (or state) at hand has been updated, this time included, from 1. Explorers have no visits: they pass 1.
 */
export type Schedule = (step: number, visits: number) => number;

/** What a schedule made here computes, for code that computes it in another way. */
export type ScheduleForm =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "harmonic"; readonly scale: number }
  /** A function of the step alone, with values between `min` and `max`. */
  | { readonly kind: "by-step"; readonly min: number; readonly max: number };

const forms = new WeakMap<Schedule, ScheduleForm>();

/** What a schedule computes; undefined for one that was not made here, or whose form nothing asks for. */
export function scheduleForm(schedule: Schedule): ScheduleForm | undefined {
  return forms.get(schedule);
}

function known(form: ScheduleForm, schedule: Schedule): Schedule {
  forms.set(schedule, form);
  return schedule;
}

/**
 * The same number always.
 *
 * @example
 * constant(0.1)(1000, 3); // 0.1
 */
export function constant(value: number): Schedule {
  finite("constant(value)", value);
  return known({ kind: "constant", value }, () => value);
}

/** From one number to another, and how long that takes. */
export interface Decay {
  readonly from: number;
  /** Default 0. */
  readonly to?: number | undefined;
}

/**
 * A straight line from `from` at step 0 to `to` at step `steps`, then `to`.
 *
 * @throws OptionError unless the numbers are finite and steps is positive.
 * @example
 * linearDecay({ from: 1, to: 0.1, steps: 1000 })(500, 1); // 0.55
 */
export function linearDecay(options: Decay & { readonly steps: number }): Schedule {
  const { from, to = 0, steps } = checkDecay("linearDecay", options);
  positive("linearDecay(steps)", steps);
  return known(between(from, to), (step) => (step >= steps ? to : from + ((to - from) * step) / steps));
}

/**
 * Halves its distance to `to` every `halfLife` steps.
 *
 * @throws OptionError unless the numbers are finite and halfLife is positive.
 * @example
 * exponentialDecay({ from: 1, halfLife: 100 })(200, 1); // 0.25
 */
export function exponentialDecay(options: Decay & { readonly halfLife: number }): Schedule {
  const { from, to = 0, halfLife } = checkDecay("exponentialDecay", options);
  positive("exponentialDecay(halfLife)", halfLife);
  return known(between(from, to), (step) => to + (from - to) * 2 ** (-step / halfLife));
}

/**
 * scale / (scale + n - 1) at the n-th visit. With scale 1 it is 1/n: a learning rate that makes the plain average.
 *
 * @remarks `harmonic(1 / (1 - discount))` is the rescaled linear step size, under which Q-learning's error falls like that
 * of an average although each update bootstraps (M. J. Wainwright, "Stochastic approximation with cone-contractive
 * operators: sharp l-infinity bounds for Q-learning", 2019). An infinite scale is the constant 1.
 * @throws OptionError unless scale is positive.
 * @example
 * harmonic()(0, 4); // 0.25
 */
export function harmonic(scale = 1): Schedule {
  if (!(scale > 0)) throw new OptionError("harmonic(scale)", scale, "a positive number");
  if (scale === Infinity) return constant(1);
  return known({ kind: "harmonic", scale }, (_step, visits) => scale / (scale + visits - 1));
}

/**
 * n^-exponent at the n-th visit: sums to infinity, its squares do not, so averages driven by it converge (Robbins and
 * Monro, "A stochastic approximation method", 1951).
 *
 * @throws OptionError unless 0.5 < exponent <= 1.
 * @example
 * robbinsMonro(1)(0, 4); // 0.25
 */
export function robbinsMonro(exponent = 0.75): Schedule {
  if (!(exponent > 0.5 && exponent <= 1)) throw new OptionError("robbinsMonro(exponent)", exponent, "a number above 0.5, at most 1");
  return (_step, visits) => visits ** -exponent;
}

/** A number or a schedule as a schedule. @throws OptionError for a number outside [min, max]. */
export function asSchedule(value: number | Schedule, where: string, min: number, max: number): Schedule {
  if (typeof value === "function") return value;
  if (!(value >= min && value <= max)) throw new OptionError(where, value, `a schedule or a number from ${min} to ${max}`);
  return known({ kind: "constant", value }, () => value);
}

function between(from: number, to: number): ScheduleForm {
  return { kind: "by-step", min: Math.min(from, to), max: Math.max(from, to) };
}

function checkDecay<T extends Decay>(name: string, options: T): T {
  finite(`${name}(from)`, options.from);
  if (options.to !== undefined) finite(`${name}(to)`, options.to);
  return options;
}

function finite(where: string, value: number): void {
  if (!Number.isFinite(value)) throw new OptionError(where, value, "a finite number");
}

function positive(where: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new OptionError(where, value, "a positive finite number");
}
