// Where an iteration starts: the caller's value or policy, else nothing.
import type { CheckedOptions } from "./options.ts";
import type { Problem } from "./problem.ts";

/** The caller's value as a kernel vector (terminal states 0), or zeros. */
export function startingValue(problem: Problem, options: CheckedOptions): Float64Array {
  const v = problem.kernel.vector();
  if (options.initialValue === undefined) return v;
  for (let s = 0; s < problem.storage.stateCount; s++) if (problem.storage.terminal[s] === 0) v[s] = problem.sign * options.initialValue[s]!;
  return v;
}

/** The caller's policy as incumbent choices, or none (-1). */
export function startingPolicy(problem: Problem, options: CheckedOptions): Int32Array {
  const policy = problem.kernel.policy();
  if (options.initialChoice !== undefined) policy.set(options.initialChoice);
  return policy;
}

/** The first choice of each state where there is no incumbent: a policy that can be evaluated. */
export function fillPolicy(problem: Problem, policy: Int32Array): Int32Array {
  const { stateChoices, stateCount } = problem.storage;
  for (let s = 0; s < stateCount; s++) if (policy[s]! < 0 && stateChoices[s] !== stateChoices[s + 1]) policy[s] = stateChoices[s]!;
  return policy;
}
