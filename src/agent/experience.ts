// One transition as agents tell each other of it: indices and a reward, nothing that could be run or read as an instruction.

/** What happened once: indices of the states and the action, as in the environment that the agents share. */
export interface Experience {
  readonly state: number;
  readonly action: number;
  readonly reward: number;
  readonly next: number;
  readonly terminated: boolean;
}

/**
 * Whether something is an experience; whether its indices are of an environment is seen by who learns from it.
 *
 * @example
 * const bus = new MessageBus<{ experience: Experience }>({ experience: isExperience });
 */
export function isExperience(value: unknown): value is Experience {
  if (typeof value !== "object" || value === null) return false;
  const { state, action, reward, next, terminated }: Partial<Record<string, unknown>> = { ...value };
  return isIndex(state) && isIndex(action) && isIndex(next) && typeof reward === "number" && Number.isFinite(reward) && typeof terminated === "boolean";
}

function isIndex(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/**
 * A step of a trace as an experience.
 *
 * @example
 * await runAgent({ env, planner, onStep: (step) => alice.publish("experience", experienceOf(step)) });
 */
export function experienceOf(step: {
  readonly state: number;
  readonly actionIndex: number;
  readonly reward: number;
  readonly next: number;
  readonly terminated: boolean;
}): Experience {
  const { state, actionIndex, reward, next, terminated } = step;
  return { state, action: actionIndex, reward, next, terminated };
}
