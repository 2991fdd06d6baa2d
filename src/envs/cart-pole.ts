// CartPole-v1 of Gymnasium: a pole on a cart, pushed left or right, to be kept upright.
import { EnvProtocolError, OptionError, ShapeError } from "../errors.ts";
import { LabelIndex } from "../mdp/index.ts";
import { Rng, type RngState, type Seed } from "../numeric/index.ts";
import type { ObservationEnv, ObservationStep } from "./observation-env.ts";
import { checkInteger } from "./option-checks.ts";

const GRAVITY = 9.8; // m/s^2
const CART_MASS = 1.0; // kg
const POLE_MASS = 0.1; // kg
const TOTAL_MASS = POLE_MASS + CART_MASS;
const HALF_LENGTH = 0.5; // m, of the pole
const POLE_MOMENT = POLE_MASS * HALF_LENGTH; // kg m
const FORCE = 10.0; // N
const SECONDS = 0.02; // between two steps
const LARGEST_ANGLE = (12 * 2 * Math.PI) / 360; // rad
const LARGEST_POSITION = 2.4; // m
const START_SPREAD = 0.05;

export interface CartPoleOptions {
  /** Episodes are truncated after this many steps. Default 500, as CartPole-v1. */
  readonly maxSteps?: number | undefined;
  /** Names the random numbers until a reset brings another seed. Default 0. */
  readonly seed?: Seed | undefined;
}

/** What `CartPole.save` answers. */
export interface CartPoleState {
  /** Position in m, velocity in m/s, angle from upright in rad, angular velocity in rad/s; null where no episode is running. */
  readonly motion: readonly [position: number, velocity: number, angle: number, angularVelocity: number] | null;
  /** Steps of the episode. */
  readonly elapsed: number;
  readonly rng: RngState;
}

/**
 * Keep a pole upright on a cart by pushing the cart left or right; reward 1 a step, also in the last one.
 *
 * @remarks Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems" (1983), in the dynamics of
 *   Gymnasium's CartPole-v1: Euler steps of 0.02 s in float64, observations (position, velocity, angle, angular velocity) in float32. An episode is terminated
 *   beyond 12 degrees or 2.4 m. Start positions are uniform in ±0.05 as there, from this library's own random numbers.
 *   It carries no discount: a learner must be told one.
 * @throws OptionError
 * @example
 * const env = cartPole();
 * env.reset({ seed: 7 });
 * env.step(env.actions.indexOf("left")).terminated; // false
 */
export function cartPole(options: CartPoleOptions = {}): CartPole {
  return new CartPole(options);
}

/** What `cartPole` answers. */
export class CartPole implements ObservationEnv<"left" | "right"> {
  readonly observationSize = 4;
  readonly actions: LabelIndex<"left" | "right"> = LabelIndex.list("action", ["left", "right"]);
  readonly discount: undefined = undefined;
  /** Steps after which an episode is truncated. */
  readonly maxSteps: number;
  #rng: Rng;
  #running = false;
  #started = false;
  #elapsed = 0;
  readonly #motion = new Float64Array(4);
  readonly #answer: ObservationStep = { observation: new Float32Array(4), reward: 0, terminated: false, truncated: false };

  constructor(options: CartPoleOptions = {}) {
    this.maxSteps = checkInteger("cartPole: maxSteps", options.maxSteps ?? 500, 1);
    this.#rng = new Rng(options.seed ?? 0);
  }

  reset(options: { readonly seed?: Seed | undefined } = {}): ObservationStep {
    if (options.seed !== undefined) this.#rng = new Rng(options.seed);
    for (let i = 0; i < 4; i++) this.#motion[i] = -START_SPREAD + 2 * START_SPREAD * this.#rng.uniform();
    this.#elapsed = 0;
    this.#running = true;
    this.#started = true;
    return this.#show(0, false, false);
  }

  step(action: number): ObservationStep {
    if (!this.#running)
      throw new EnvProtocolError(this.#started ? "step after the end of the episode, expected reset first." : "step before reset, expected reset first.");
    if (action !== 0 && action !== 1) throw new EnvProtocolError(`step got action ${action}, expected 0 (left) or 1 (right).`);
    this.#move(action === 1 ? FORCE : -FORCE);
    const terminated = Math.abs(this.#motion[0]!) > LARGEST_POSITION || Math.abs(this.#motion[2]!) > LARGEST_ANGLE;
    const truncated = ++this.#elapsed >= this.maxSteps && !terminated;
    this.#running = !terminated && !truncated;
    return this.#show(1, terminated, truncated);
  }

  /** Where this environment is and its random stream, as plain JSON data, also in the middle of an episode. */
  save(): CartPoleState {
    const m = this.#motion;
    return { motion: this.#running ? [m[0]!, m[1]!, m[2]!, m[3]!] : null, elapsed: this.#elapsed, rng: this.#rng.state };
  }

  /** Goes on from what `save` answered. @throws ShapeError, OptionError where it is no state of this environment. */
  restore(saved: CartPoleState): void {
    const { motion, elapsed, rng } = saved;
    if (motion !== null) {
      if (motion.length !== 4) throw new ShapeError(`restore: motion has ${motion.length} entries, expected 4.`);
      const bad = motion.findIndex((x) => !Number.isFinite(x));
      if (bad >= 0) throw new OptionError(`restore: motion[${bad}]`, motion[bad], "a finite number");
    }
    this.#elapsed = checkInteger("restore: elapsed", elapsed, 0);
    if (motion !== null) this.#motion.set(motion);
    this.#running = motion !== null;
    this.#started = true;
    this.#rng = new Rng(rng);
  }

  /** One Euler step, in Gymnasium's order of operations. */
  #move(force: number): void {
    const motion = this.#motion;
    const velocity = motion[1]!;
    const angle = motion[2]!;
    const angularVelocity = motion[3]!;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const pushed = (force + POLE_MOMENT * (angularVelocity * angularVelocity) * sin) / TOTAL_MASS;
    const angularAcceleration = (GRAVITY * sin - cos * pushed) / (HALF_LENGTH * (4.0 / 3.0 - (POLE_MASS * (cos * cos)) / TOTAL_MASS));
    const acceleration = pushed - (POLE_MOMENT * angularAcceleration * cos) / TOTAL_MASS;
    motion[0] = motion[0]! + SECONDS * velocity;
    motion[1] = velocity + SECONDS * acceleration;
    motion[2] = angle + SECONDS * angularVelocity;
    motion[3] = angularVelocity + SECONDS * angularAcceleration;
  }

  #show(reward: number, terminated: boolean, truncated: boolean): ObservationStep {
    const answer = this.#answer;
    answer.observation.set(this.#motion);
    answer.reward = reward;
    answer.terminated = terminated;
    answer.truncated = truncated;
    return answer;
  }
}
