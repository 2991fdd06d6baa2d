// The step size learners use where none is given.
import { constant, harmonic, type Schedule } from "../../policies/index.ts";
import { asSchedule } from "../../policies/schedule.ts";

/**
 * The learning rate used where none is given: `harmonic(1 / (1 - discount))`, which averages out noise and still lets
 * values spread, or a constant 0.1 where the discount is 1 and there is no such scale.
 */
export function defaultLearningRate(discount: number): Schedule {
  return discount < 1 ? harmonic(1 / (1 - discount)) : constant(0.1);
}

/** @throws OptionError for a number outside (0, 1]. */
export function learningRate(given: number | Schedule | undefined, discount: number): Schedule {
  return given === undefined ? defaultLearningRate(discount) : asSchedule(given, "learningRate", Number.MIN_VALUE, 1);
}
