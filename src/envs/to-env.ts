// A model as an environment: exact sampling by integer comparison, nothing allocated in a step.
import { EnvProtocolError, OptionError } from "../errors.ts";
import { arrivalOf, type ChoiceIndex, findChoice, type LabelIndex, type Mdp, type Objective, rewardOf, rowOf } from "../mdp/index.ts";
import { Rng, type RngState, type Seed } from "../numeric/index.ts";
import type { Env, Outcome, Step } from "./env.ts";
import { drawBranch, drawFrom, type SamplingTables, type StartTable, samplingTables, startTable } from "./sampling-tables.ts";

export interface ToEnvOptions {
  /** Episodes are truncated after this many steps. Default: no limit. */
  readonly maxSteps?: number | undefined;
  /** Names the random numbers until a reset brings another seed. Default 0: the same run each time. */
  readonly seed?: Seed | undefined;
  /** What `render` prints for a state index. */
  readonly render?: ((state: number) => string) | undefined;
}

/**
 * The environment of a model: `step` draws a branch and pays its reward, R(s,a,s') where the model gave it.
 *
 * @remarks Episodes start in `mdp.initial`, or without one in any non-terminal state, all alike. A step costs one 32-bit draw
 *   (none where the successor is certain), compared with integers: probabilities are rounded to multiples of 2^-32.
 *   A step that ends the episode is `terminated`, also where it is the last one `maxSteps` allows; the two flags are never both set.
 *   `step` and `reset` answer the same object each time. After 2^53 steps without an end counting stops being exact.
 * @throws OptionError; UnsupportedModelError where no episode can start.
 * @example
 * const env = toEnv(robot, { maxSteps: 200 });
 * env.reset({ seed: 7 }).state;             // 0, "high"
 * env.step(env.actions.indexOf("wait"));    // { state: 0, reward: 1, terminated: false, truncated: false }
 */
export function toEnv<S, A>(mdp: Mdp<S, A>, options: ToEnvOptions = {}): ModelEnv<S, A> {
  return new ModelEnv(mdp, options);
}

/** What `ModelEnv.save` answers. */
export interface ModelEnvState {
  /** The current state, -1 where no episode is running. */
  readonly state: number;
  /** Steps of the episode. */
  readonly elapsed: number;
  /** The state last entered, -1 before the first reset. */
  readonly entered: number;
  readonly rng: RngState;
}

/** What `toEnv` answers: an environment that knows its model. */
export class ModelEnv<S, A> implements Env<S, A> {
  readonly mdp: Mdp<S, A>;
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly choices: ChoiceIndex;
  readonly discount: number | undefined;
  readonly objective: Objective;
  /** Steps after which an episode is truncated; Infinity without a limit. */
  readonly maxSteps: number;
  /** The current state as text: its label unless `toEnv` was told how. */
  readonly render: () => string;

  // Everything a step reads, one field each; `private`, not #, which Node 20 runs at half the speed. State -1: no episode is running.
  private current = -1;
  private elapsed = 0;
  private started = false;
  private rng: Rng;
  private readonly answer: Step = { state: 0, reward: 0.5, terminated: false, truncated: false };
  private readonly tables: SamplingTables;
  private readonly startTable: StartTable;
  private readonly stateCount: number;
  private readonly stateChoices: Int32Array;
  private readonly choiceAction: Int32Array;
  private readonly choiceRow: Int32Array | undefined;
  private readonly rowBranches: Int32Array;
  private readonly branches: Int32Array;
  private readonly reward: Float64Array;
  private readonly branchReward: Float64Array | undefined;

  constructor(mdp: Mdp<S, A>, options: ToEnvOptions = {}) {
    const { storage } = mdp;
    const maxSteps = options.maxSteps ?? Infinity;
    if (!(maxSteps === Infinity || (Number.isInteger(maxSteps) && maxSteps >= 1))) throw new OptionError("maxSteps", maxSteps, "a positive integer");
    this.mdp = mdp;
    this.states = mdp.states;
    this.actions = mdp.actions;
    this.choices = storage;
    this.discount = mdp.discount;
    this.objective = mdp.objective;
    this.maxSteps = maxSteps;
    const text = options.render ?? ((state: number) => mdp.states.name(state));
    this.render = () => (this.started ? text(this.answer.state) : "");
    this.rng = new Rng(options.seed ?? 0);
    this.tables = samplingTables(mdp);
    this.startTable = startTable(mdp);
    this.stateCount = storage.stateCount;
    this.stateChoices = storage.stateChoices;
    this.choiceAction = storage.choiceAction;
    this.choiceRow = storage.choiceRow;
    this.rowBranches = storage.rowBranches;
    this.branches = this.tables.branches;
    this.reward = storage.reward;
    this.branchReward = storage.branchReward;
  }

  get starts(): readonly (readonly [state: number, probability: number])[] {
    const { initial } = this.mdp;
    const { state } = this.startTable;
    return Array.from(state, (s, k) => [s, initial === undefined ? 1 / state.length : initial.probability[k]!] as const);
  }

  reset(options: { readonly seed?: Seed | undefined } = {}): Step {
    if (options.seed !== undefined) this.rng = new Rng(options.seed);
    const { state, threshold } = this.startTable;
    let k = 0;
    if (state.length > 1) k = threshold === undefined ? this.rng.below(state.length) : drawFrom(threshold, 0, state.length, this.rng.uint32());
    this.current = state[k]!;
    this.elapsed = 0;
    this.started = true;
    const step = this.answer;
    step.state = this.current;
    step.reward = 0;
    step.terminated = false;
    step.truncated = false;
    return step;
  }

  step(action: number): Step {
    const s = this.current;
    let c = this.stateChoices[s]! + action;
    // Most states offer all actions in order; the comparisons also fail before reset, after the end and for what is no action.
    if (!(c < this.stateChoices[s + 1]! && this.choiceAction[c] === action)) c = this.choiceOf(action);
    const row = this.choiceRow === undefined ? c : this.choiceRow[c]!;
    let b = this.rowBranches[row]!;
    const to = this.rowBranches[row + 1]!;
    if (to - b > 1) b = drawBranch(this.branches, b, to, this.rng.uint32());
    let reward = this.reward[c]!;
    if (this.branchReward !== undefined) {
      const own = this.branchReward[b]!;
      if (!Number.isNaN(own)) reward = own;
    }
    const next = this.branches[2 * b + 1]!;
    const terminated = next < 0;
    const truncated = ++this.elapsed >= this.maxSteps && !terminated;
    const step = this.answer;
    step.state = terminated ? ~next : next;
    step.reward = reward;
    step.terminated = terminated;
    step.truncated = truncated;
    this.current = terminated || truncated ? -1 : next;
    return step;
  }

  outcomes(state: number, action: number): Outcome[] {
    const { storage } = this.mdp;
    const c = findChoice(storage, state, action);
    const outcomes: Outcome[] = [];
    if (c < 0) return outcomes;
    const row = rowOf(storage, c);
    for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
      const target = storage.target[b]!;
      outcomes.push({
        probability: storage.probability[b]!,
        next: arrivalOf(storage, b),
        reward: rewardOf(storage, c, b),
        terminated: target === storage.stateCount || storage.terminal[target] === 1,
      });
    }
    return outcomes;
  }

  /** Where this environment is and its random stream, as plain JSON data, also in the middle of an episode. */
  save(): ModelEnvState {
    return { state: this.current, elapsed: this.elapsed, entered: this.started ? this.answer.state : -1, rng: this.rng.state };
  }

  /** Goes on from what `save` answered, as if nothing had happened in between. @throws OptionError where this model can be in no such state. */
  restore(saved: ModelEnvState): void {
    const { state, elapsed, entered, rng } = saved;
    const isState = (s: number): boolean => Number.isInteger(s) && s >= 0 && s < this.stateCount;
    if (!(state === -1 || (isState(state) && this.mdp.storage.terminal[state] === 0)))
      throw new OptionError("restore: state", state, "-1 or a state that is not terminal");
    if (!(entered === -1 || isState(entered))) throw new OptionError("restore: entered", entered, `an integer from -1 to ${this.stateCount - 1}`);
    if (!(Number.isSafeInteger(elapsed) && elapsed >= 0)) throw new OptionError("restore: elapsed", elapsed, "a number of steps");
    this.current = state;
    this.elapsed = elapsed;
    this.started = entered >= 0;
    this.answer.state = Math.max(0, entered);
    this.rng = new Rng(rng);
  }

  /** The choice of an action that does not stand at its own place. @throws EnvProtocolError */
  private choiceOf(action: number): number {
    const s = this.current;
    if (s < 0) {
      throw new EnvProtocolError(this.started ? "step after the end of the episode, expected reset first." : "step before reset, expected reset first.");
    }
    if (!(Number.isInteger(action) && action >= 0 && action < this.actions.size)) {
      throw new EnvProtocolError(`step got action ${action}, expected an index from 0 to ${this.actions.size - 1}.`);
    }
    const table = this.tables.actionChoice;
    const c = table === undefined ? findChoice(this.mdp.storage, s, action) : table[s * this.actions.size + action]!;
    if (c >= 0) return c;
    const offered = Array.from(this.choiceAction.subarray(this.stateChoices[s]!, this.stateChoices[s + 1]!), (a) => this.actions.quote(a));
    throw new EnvProtocolError(`step got action ${this.actions.quote(action)} in state ${this.states.quote(s)}, expected one of ${offered.join(", ")}.`);
  }
}
