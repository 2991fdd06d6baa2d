// Gymnasium environments in Python children, stepped together: a batch of actions out, a batch of transitions back.
import type { AsyncVectorEnv, VectorStep } from "../../envs/index.ts";
import { EnvProtocolError, OptionError, ShapeError } from "../../errors.ts";
import { readGymnasiumJson } from "../../formats/index.ts";
import { type ChoiceIndex, checkDiscount, type InitialDistribution, type Label, type LabelIndex, Mdp } from "../../mdp/index.ts";
import type { Seed } from "../../numeric/index.ts";
import { EnvProcess, type EnvProcessOptions } from "./env-process.ts";
import { type Hello, type Made, type Message, readEnded, readMade, readRewards, readStates } from "./protocol.ts";
import { everyChoice, labelsOf } from "./spaces.ts";

export interface GymnasiumOptions extends EnvProcessOptions {
  /** Arguments of `gymnasium.make`, such as `{ is_slippery: false }`. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Truncate after this many steps. Default: the environment's own limit. */
  readonly maxSteps?: number | undefined;
  /** Gymnasium carries no discount: what learners use unless told otherwise. */
  readonly discount?: number | undefined;
  /** Names of the actions, for agents and reports. Default: Gymnasium's numbers. */
  readonly actions?: readonly string[] | undefined;
}

export interface GymnasiumVectorOptions extends GymnasiumOptions {
  /** How many environments. Default 64. */
  readonly count?: number | undefined;
  /** Python children they are shared out to, for as many cores. The answers are the same. Default 1. */
  readonly processes?: number | undefined;
}

/** A child and which environments it holds: `count` from `first` on. */
interface Slice {
  readonly child: EnvProcess;
  readonly first: number;
  readonly count: number;
}

/**
 * Starts `count` environments of a kind.
 *
 * @throws BackendError where Python, gymnasium or the environment is missing; UnsupportedModelError for spaces that are not discrete; OptionError.
 * @example
 * await using env = await gymnasiumVector("Taxi-v4", { count: 256, python: ".venv/bin/python" });
 * const { episodes } = await playVector(env, policy, { episodes: 4, seed: 7 });
 */
export async function gymnasiumVector(id: string, options: GymnasiumVectorOptions = {}): Promise<GymnasiumVectorEnv> {
  const { count = 64, processes = 1 } = options;
  if (!(Number.isInteger(count) && count >= 1)) throw new OptionError("count", count, "a positive integer");
  if (!(Number.isInteger(processes) && processes >= 1 && processes <= count)) throw new OptionError("processes", processes, `an integer from 1 to ${count}`);
  return startEnvironments(id, options, { count, processes, autoreset: true });
}

/** What both kinds of environments start with. */
export async function startEnvironments(
  id: string,
  options: GymnasiumOptions,
  { count, processes, autoreset }: { readonly count: number; readonly processes: number; readonly autoreset: boolean },
): Promise<GymnasiumVectorEnv> {
  if (options.discount !== undefined) checkDiscount(options.discount);
  const slices: Slice[] = [];
  try {
    for (let p = 0, first = 0; p < processes; p++) {
      const share = Math.floor(((p + 1) * count) / processes) - first;
      slices.push({ child: await EnvProcess.start(options), first, count: share });
      first += share;
    }
    const make = { env: id, kwargs: options.kwargs ?? {}, maxSteps: options.maxSteps ?? null, autoreset };
    const [made] = await Promise.all(slices.map(async (slice) => readMade(await slice.child.request("make", { ...make, count: slice.count }))));
    if (made === undefined) throw new OptionError("processes", processes, "a positive integer");
    return new GymnasiumVectorEnv(id, slices, made, options);
  } catch (error) {
    await Promise.all(slices.map(({ child }) => child.close()));
    throw error;
  }
}

/** Environments of one kind in step. The arrays of an answer are reused by the next step: copy what must last. */
export class GymnasiumVectorEnv implements AsyncVectorEnv<Label, Label> {
  /** The environment's id in Gymnasium. */
  readonly id: string;
  readonly states: LabelIndex<Label>;
  readonly actions: LabelIndex<Label>;
  readonly choices: ChoiceIndex;
  readonly discount: number | undefined;
  readonly size: number;
  /** After how many steps an episode is truncated, if it is. */
  readonly maxSteps: number | undefined;
  readonly hello: Hello;
  readonly #slices: readonly Slice[];
  readonly #last: VectorStep;

  /** Made by `gymnasiumVector`. */
  constructor(id: string, slices: readonly Slice[], made: Made, options: GymnasiumOptions) {
    this.id = id;
    this.states = labelsOf("state", made.stateParts);
    this.actions = labelsOf("action", made.actionParts, options.actions);
    this.choices = everyChoice(this.states.size, this.actions.size);
    this.discount = options.discount;
    this.maxSteps = made.maxSteps;
    this.size = slices.reduce((count, slice) => count + slice.count, 0);
    this.hello = slices[0]?.child.hello ?? { gymnasium: "", python: "" };
    this.#slices = slices;
    this.#last = {
      state: new Int32Array(this.size),
      reward: new Float64Array(this.size),
      terminated: new Uint8Array(this.size),
      truncated: new Uint8Array(this.size),
      finalState: new Int32Array(this.size),
    };
  }

  /**
   * Begins an episode in each. A seed, a whole number, restarts the random numbers as Gymnasium's vector environments do: environment i gets seed + i.
   *
   * @throws OptionError for another seed; EnvProtocolError, BackendError.
   */
  async reset(options: { readonly seed?: Seed | undefined } = {}): Promise<VectorStep> {
    const seed = options.seed === undefined ? undefined : checkSeed(options.seed);
    await this.#each(async ({ child, first, count }) => {
      const seeds = seed === undefined ? null : Array.from({ length: count }, (_, i) => seed + first + i);
      readStates((await child.request("reset", { seeds })).state, this.states.size, this.#last.state, first, count);
    });
    this.#last.reward.fill(0);
    this.#clearEnds();
    return this.#last;
  }

  /**
   * One action in each; the children work at the same time.
   *
   * @throws ShapeError unless one action an environment; EnvProtocolError for what is no action; BackendError where a child is gone.
   */
  async step(actions: ArrayLike<number>): Promise<VectorStep> {
    if (actions.length !== this.size) throw new ShapeError(`actions has ${actions.length} entries, expected ${this.size}, one an environment.`);
    for (let i = 0; i < actions.length; i++) {
      const a = actions[i]!;
      if (!(Number.isInteger(a) && a >= 0 && a < this.actions.size))
        throw new EnvProtocolError(`step got action ${a} for environment ${i}, expected an index from 0 to ${this.actions.size - 1}.`);
    }
    this.#clearEnds();
    await this.#each(async ({ child, first, count }) => {
      const message = await child.request("step", { actions: Array.prototype.slice.call(actions, first, first + count) });
      this.#take(message, first, count);
    });
    return this.#last;
  }

  /**
   * The model, where the environment has Gymnasium's table: its states, actions and entries.
   *
   * @throws EnvProtocolError where it has none.
   * @example
   * const best = await solve(await env.model({ discount: 0.99 }));
   */
  async model(options: { readonly discount?: number | undefined } = {}): Promise<Mdp<Label, Label>> {
    const { P, initial } = await this.#first.request("table");
    if (P === null) throw new EnvProtocolError(`${this.id} has no table P, expected one of Gymnasium's environments with a finite model.`);
    const mdp = await readGymnasiumJson(JSON.stringify({ P }), { discount: options.discount ?? this.discount });
    if (mdp.stateCount !== this.states.size || mdp.actionCount !== this.actions.size)
      throw new ShapeError(
        `the table of ${this.id} has ${mdp.stateCount} states and ${mdp.actionCount} actions, expected ${this.states.size} and ${this.actions.size}.`,
      );
    const parts = { ...mdp.parts, states: this.states, actions: this.actions };
    return new Mdp<Label, Label>(Array.isArray(initial) ? { ...parts, initial: startsOf(initial) } : parts);
  }

  /** The first environment as text, where it renders any (`kwargs: { render_mode: "ansi" }`). */
  async render(): Promise<string> {
    const { text } = await this.#first.request("render");
    return typeof text === "string" ? text : "";
  }

  /** Seconds of processor time that the children have taken so far, all together: what speed is measured by on a machine that is busy elsewhere. */
  async processorSeconds(): Promise<number> {
    const answers = await Promise.all(this.#slices.map(({ child }) => child.request("usage")));
    return answers.reduce((sum, { processorSeconds }) => sum + Number(processorSeconds), 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#slices.map(({ child }) => child.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #first(): EnvProcess {
    const [slice] = this.#slices;
    if (slice === undefined) throw new EnvProtocolError("there is no environment process.");
    return slice.child;
  }

  /** The same of every child, all at once; all are done, or failed, before the first failure is thrown. */
  async #each(work: (slice: Slice) => Promise<void>): Promise<void> {
    const outcomes = await Promise.allSettled(this.#slices.map(work));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  #clearEnds(): void {
    this.#last.terminated.fill(0);
    this.#last.truncated.fill(0);
    this.#last.finalState.fill(-1);
  }

  #take(message: Message, first: number, count: number): void {
    const last = this.#last;
    readStates(message.state, this.states.size, last.state, first, count);
    readRewards(message.reward, last.reward, first, count);
    for (const { environment, terminated, truncated, finalState } of readEnded(message.ended, this.states.size, count)) {
      const i = first + environment;
      last.terminated[i] = terminated ? 1 : 0;
      last.truncated[i] = truncated ? 1 : 0;
      last.finalState[i] = finalState;
    }
  }
}

function checkSeed(seed: Seed): number {
  const number = typeof seed === "string" && /^\d+$/.test(seed) ? Number(seed) : seed;
  if (!(typeof number === "number" && Number.isSafeInteger(number) && number >= 0))
    throw new OptionError("seed", seed, "a whole number of at least 0", "Gymnasium takes no others.");
  return number;
}

function startsOf(initial: readonly unknown[]): InitialDistribution {
  const pairs = initial.flatMap((p, s) => (typeof p === "number" && p > 0 ? [[s, p] as const] : []));
  return { state: Int32Array.from(pairs, ([s]) => s), probability: Float64Array.from(pairs, ([, p]) => p) };
}
