// Playing a policy in an environment: returns, lengths and visits, with the error of their mean.
import { EnvProtocolError, OptionError, ShapeError } from "../errors.ts";
import { ChoiceTable, checkDiscount } from "../mdp/index.ts";
import { Rng, type Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { Policy } from "../policies/index.ts";
import type { Env } from "./env.ts";
import { checkLimit } from "./option-checks.ts";

export interface SimulateOptions {
  /** Stop after this many episodes. At least one of `episodes` and `steps` is needed; the first one met ends it. */
  readonly episodes?: number | undefined;
  /** Stop after this many steps; an episode under way then counts in `visits` and `steps` only. */
  readonly steps?: number | undefined;
  /** Names the environment's and the policy's random numbers. Default 0. */
  readonly seed?: Seed | undefined;
  /** γ; by default the environment's own. */
  readonly discount?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly episodes: number; readonly steps: number; readonly seconds: number }) => void) | undefined;
}

/** How a policy did. Episode by episode in the arrays. */
export interface Simulation<S, A> {
  readonly status: "done" | "aborted";
  readonly discount: number;
  /** Discounted sums of rewards. A truncated episode's is what it earned until then. */
  readonly returns: Float64Array;
  /** Undiscounted sums of rewards. */
  readonly rewards: Float64Array;
  readonly lengths: Int32Array;
  /** How many of the episodes were cut off instead of ending. */
  readonly truncated: number;
  /** How often each choice was taken. */
  readonly visits: ChoiceTable<S, A>;
  readonly episodes: number;
  readonly steps: number;
  /** Mean of `returns` with its standard error: NaN without an episode, and the error also with one. */
  readonly meanReturn: number;
  readonly standardError: number;
  readonly meanLength: number;
  readonly seconds: number;
}

/** Steps between two looks at the clock; the first are fewer, in case steps are slow. */
const SLICE = 4096;

/** So many episodes in a row that end before their first step are taken for a broken environment. */
const MAX_EMPTY_EPISODES = 1000;

/**
 * Plays episodes by a policy.
 *
 * @throws OptionError without a limit or a discount; ShapeError for a policy of another model; EnvProtocolError.
 * @example
 * const { meanReturn, standardError } = await simulate(toEnv(robot, { maxSteps: 500 }), best.policy, { episodes: 1000, seed: 7 });
 */
export async function simulate<S, A>(env: Env<S, A>, policy: Policy<S, A>, options: SimulateOptions): Promise<Simulation<S, A>> {
  const { stateChoices, choiceAction } = env.choices;
  const maxEpisodes = checkLimit("episodes", options.episodes);
  const maxSteps = checkLimit("steps", options.steps);
  if (maxEpisodes === Infinity && maxSteps === Infinity) throw new OptionError("simulate(episodes, steps)", undefined, "a limit on one of them");
  const discount = options.discount ?? env.discount;
  if (discount === undefined) throw new OptionError("discount", undefined, "a number from 0 to 1", "the environment carries none: pass discount.");
  checkDiscount(discount);
  if (policy.space.choices.choiceAction.length !== choiceAction.length || policy.space.states.size !== env.states.size) {
    throw new ShapeError(
      `policy is for ${policy.space.states.size} states and ${policy.space.choices.choiceAction.length} choices, expected the environment's ${env.states.size} and ${choiceAction.length}.`,
    );
  }
  const seed = options.seed ?? 0;
  const rng = new Rng(`${seed}:policy`);
  const pacer = new Pacer({ signal: options.signal });
  const visits = new Float64Array(choiceAction.length);
  const [returns, rewards, lengths]: [number[], number[], number[]] = [[], [], []];
  let status: "done" | "aborted" = "done";
  let [steps, truncated, empty, slice] = [0, 0, 0, 16];

  simulation: while (returns.length < maxEpisodes && steps < maxSteps) {
    const first = env.reset(steps === 0 && returns.length === 0 ? { seed: `${seed}:env` } : {});
    let { state } = first;
    let over = first.terminated || first.truncated;
    empty = over ? empty + 1 : 0;
    if (empty >= MAX_EMPTY_EPISODES) throw new EnvProtocolError(`reset answered an ended episode ${empty} times in a row, expected a state with choices.`);
    let [total, sum, weight, length] = [0, 0, 1, 0];
    while (!over) {
      if (steps >= maxSteps) break simulation;
      if (--slice <= 0) {
        slice = SLICE;
        if (pacer.aborted) {
          status = "aborted";
          break simulation;
        }
        if (pacer.due) {
          options.onProgress?.({ episodes: returns.length, steps, seconds: pacer.seconds });
          await pacer.giveWay();
        }
      }
      const choice = policy.sampleAt(state, rng);
      if (choice < stateChoices[state]!)
        throw new EnvProtocolError(`the episode goes on in state ${env.states.quote(state)}, which has no choices, expected terminated or truncated there.`);
      visits[choice] = visits[choice]! + 1;
      const step = env.step(choiceAction[choice]!);
      steps++;
      length++;
      sum += step.reward;
      total += weight * step.reward;
      weight *= discount;
      state = step.state;
      over = step.terminated || step.truncated;
      if (step.truncated) truncated++;
    }
    returns.push(total);
    rewards.push(sum);
    lengths.push(length);
  }
  return {
    status,
    discount,
    returns: Float64Array.from(returns),
    rewards: Float64Array.from(rewards),
    lengths: Int32Array.from(lengths),
    truncated,
    visits: new ChoiceTable(env.states, env.actions, env.choices, visits),
    episodes: returns.length,
    steps,
    ...meanAndError(returns),
    meanLength: lengths.reduce((x, y) => x + y, 0) / lengths.length,
    seconds: pacer.seconds,
  };
}

/** The mean of a sample and its standard error, in two passes. */
function meanAndError(sample: readonly number[]): { meanReturn: number; standardError: number } {
  const n = sample.length;
  const mean = sample.reduce((x, y) => x + y, 0) / n;
  const squares = sample.reduce((total, x) => total + (x - mean) ** 2, 0);
  return { meanReturn: mean, standardError: n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1) / n) };
}
