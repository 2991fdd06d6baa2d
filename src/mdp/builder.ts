// The builder: models emitted state by state, choice by choice, branch by branch straight into typed arrays.
import { OptionError } from "../errors.ts";
import { sum } from "../numeric/index.ts";
import { GivenBranches, SUM_TOLERANCE } from "./given-branches.ts";
import { IssueList, placeOf } from "./issues.ts";
import type { LabelIndex } from "./labels.ts";
import { MergedBranches } from "./merged-branches.ts";
import { ARENA_RULE, type ArenaRule } from "./model-arena.ts";
import { ModelArrays } from "./model-arrays.ts";
import type { Storage } from "./storage.ts";

export { SUM_TOLERANCE };

export interface BuilderOptions {
  /** Divide each row by its sum, for counts. Default false: probabilities are taken as they are. */
  readonly normalize?: boolean | undefined;
  /** How far a row's probabilities may sum from 1. Default 1e-9. */
  readonly sumTolerance?: number | undefined;
}

/**
 * Emits a model into its compiled form. States come in order 0, 1, ...; within a state actions ascend.
 *
 * Branches of a choice to the same successor are added up (rewards weighted), terminated ones apart; branches of
 * probability 0 are left out. Everything wrong is collected and thrown by `finish`.
 *
 * @example
 * const builder = new MdpBuilder(LabelIndex.range("state", 2), LabelIndex.range("action", 1));
 * builder.state(); builder.choice(0, -1); builder.branch(1, 1);
 * builder.state(); builder.terminal();
 * const storage = builder.finish();
 */
export class MdpBuilder<S, A> {
  readonly #states: LabelIndex<S>;
  readonly #actions: LabelIndex<A>;
  readonly #normalize: boolean;
  readonly #sumTolerance: number;
  readonly #issues = new IssueList();

  readonly #arrays: ModelArrays;
  #rewardRounding = 0;
  #probabilityRounding = 0;

  #state = -1;
  #finished = false;
  /** The last action of this state, -1 before the first. */
  #action = -1;
  #open = false;
  #skipped = false;
  #choiceReward = Number.NaN;
  readonly #given = new GivenBranches();
  readonly #merged: MergedBranches;

  /** `rule`: when the model goes into an arena; for tests. */
  constructor(states: LabelIndex<S>, actions: LabelIndex<A>, options: BuilderOptions = {}, rule: ArenaRule = ARENA_RULE) {
    this.#states = states;
    this.#actions = actions;
    this.#normalize = options.normalize ?? false;
    this.#sumTolerance = options.sumTolerance ?? SUM_TOLERANCE;
    this.#arrays = new ModelArrays(states.size, actions.size, rule);
    this.#merged = new MergedBranches(states.size);
  }

  /** Begins the next state. @throws OptionError past the last one. */
  state(): void {
    if (this.#state + 1 >= this.#states.size) throw misuse("state", `called ${this.#state + 2} times`, `at most ${this.#states.size} calls, one a state`);
    this.#endState();
    this.#state++;
    this.#action = -1;
  }

  /** Marks the current state terminal: value 0, no choices. */
  terminal(): void {
    this.#needState("terminal");
    this.#arrays.terminal[this.#state] = 1;
  }

  /** Begins a choice of the current state. `reward` is R(s,a), unless its branches bring their own. */
  choice(action: number, reward: number = Number.NaN): void {
    this.#endChoice();
    this.#needState("choice");
    this.#open = true;
    this.#choiceReward = reward;
    if (!(Number.isInteger(action) && action >= 0 && action < this.#actions.size)) {
      this.#issues.add(`state ${this.#states.quote(this.#state)}`, `has action ${action}`, `an integer from 0 to ${this.#actions.size - 1}`);
      this.#skipped = true;
      this.#arrays.choiceAction.push(0);
      return;
    }
    if (action <= this.#action) {
      const place = placeOf(this.#states, this.#actions, this.#state, action);
      this.#issues.add(place, action === this.#action ? "is given twice" : "comes after a later action", "each action once, in ascending order");
    }
    this.#arrays.choiceAction.push(action);
    this.#action = action;
  }

  /** A successor of the current choice. `ends`: the branch is terminated, it pays and continues with value 0. */
  branch(next: number, probability: number, reward: number = Number.NaN, ends = false): void {
    if (!this.#open) throw misuse("branch", "called outside a choice", "choice() first");
    this.#given.add(next, probability);
    if (!Number.isNaN(reward) || ends) this.#given.mark(reward, ends);
  }

  /** Gives up the current choice, whose fault the caller has recorded with `issue`. */
  skipChoice(): void {
    if (!this.#open) throw misuse("skipChoice", "called outside a choice", "choice() first");
    this.#skipped = true;
  }

  /** Records something wrong that the caller found. */
  issue(where: string, got: string, expected: string, hint?: string): void {
    this.#issues.add(where, got, expected, hint);
  }

  /**
   * The compiled model. The builder is used up.
   *
   * @throws InvalidModelError with every issue found.
   */
  finish(): Storage {
    if (this.#finished) throw misuse("finish", "called again", "one call");
    this.#endState();
    while (this.#state + 1 < this.#states.size) {
      this.#state++;
      this.#endState();
    }
    this.#finished = true;
    this.#issues.throwIfAny();
    return this.#arrays.done({ reward: this.#rewardRounding, probability: this.#probabilityRounding });
  }

  #needState(method: string): void {
    if (this.#state < 0) throw misuse(method, "called before state()", "state() first");
    if (this.#finished) throw misuse(method, "called after finish()", "a new builder");
  }

  /** Closes the current state: its choices end here, and it must have some unless it is terminal. */
  #endState(): void {
    const s = this.#state;
    if (s < 0) return;
    this.#endChoice();
    const choices = this.#arrays.endState(s);
    const terminal = this.#arrays.terminal[s] === 1;
    if (terminal && choices > 0) {
      this.#issues.add(
        `state ${this.#states.quote(s)}`,
        `is terminal and has ${choices} choices`,
        "a terminal state without choices",
        "let the branches that enter it end the episode instead (terminated).",
      );
    } else if (!terminal && choices === 0) {
      this.#issues.add(`state ${this.#states.quote(s)}`, "has no choice", "at least one choice", "list it as terminal if episodes end there.");
    }
  }

  /** Stores the current choice: as it stands where nothing needs doing, else checked and merged. */
  #endChoice(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#skipped) this.#giveUp();
    else if (!this.#normalize && this.#arrays.rows.addPlain(this.#given, this.#choiceReward)) {
      if (this.#given.ownReward) this.#storeReward(this.#given.commonReward, this.#given.mass, this.#given.massError);
      else this.#arrays.reward.push(this.#choiceReward);
    } else this.#checkAndMerge();
    this.#given.clear();
  }

  #giveUp(): void {
    this.#skipped = false;
    if (this.#issues.total === 0) this.#complain("was given up", "an issue that says why");
  }

  #checkAndMerge(): void {
    const divisor = this.#checkGiven();
    if (divisor === undefined) return;
    const merged = this.#merged;
    merged.merge(this.#given, this.#choiceReward, divisor);
    if (!Number.isFinite(merged.expectedReward)) {
      this.#complain("has an expected reward too large for float64", "rewards below 1e299");
      return;
    }
    if (merged.uniform) this.#storeReward(merged.expectedReward, merged.mass, merged.massError);
    else {
      this.#arrays.reward.push(merged.expectedReward);
      this.#rewardRounding = Math.max(this.#rewardRounding, merged.rewardError);
    }
    this.#probabilityRounding = Math.max(this.#probabilityRounding, merged.probabilityError);
    this.#arrays.rows.add(merged, merged.uniform);
  }

  /** A reward that all branches share. Given by branch the expectation is Σ p r, given by choice it is r: they differ where Σ p is not exactly 1. */
  #storeReward(reward: number, mass: number, massError: number): void {
    this.#arrays.reward.push(reward);
    if (!this.#given.ownReward || reward === 0 || (mass === 1 && massError === 0)) return;
    const slack = 1.01 * Math.abs(reward) * (Math.abs(mass - 1) + massError) + Number.MIN_VALUE;
    this.#rewardRounding = Math.max(this.#rewardRounding, slack);
  }

  /** Records everything wrong with the branches as given; else what to divide them by. */
  #checkGiven(): number | undefined {
    const { count, next, probability } = this.#given;
    const before = this.#issues.total;
    if (count === 0) this.#complain("has no branches", "at least one successor");
    if (!this.#given.ownReward && count > 0 && !Number.isFinite(this.#choiceReward)) this.#complainOfReward(this.#choiceReward);
    for (let k = 0; k < count; k++) {
      const target = next[k]!;
      const p = probability[k]!;
      if (!(Number.isInteger(target) && target >= 0 && target < this.#states.size))
        this.#complain(`has successor ${target}`, `an integer from 0 to ${this.#states.size - 1}`);
      if (!(p >= 0 && p < Infinity)) this.#complain(`has probability ${p}`, "a finite number >= 0", undefined, target);
      const r = this.#given.rewardOf(k, this.#choiceReward);
      if (this.#given.ownReward && p > 0 && !Number.isFinite(r)) this.#complainOfReward(r, target);
    }
    if (this.#issues.total > before) return undefined;
    const total = sum(probability.subarray(0, count));
    if (this.#normalize) {
      if (!(total > 0 && total < Infinity)) this.#complain(`sums to ${total}`, "a positive, finite sum to normalise by");
    } else if (Math.abs(total - 1) > this.#sumTolerance)
      this.#complain(`sums to ${total}`, `1 within ${this.#sumTolerance}`, "pass normalize: true if these are counts.");
    if (this.#issues.total > before) return undefined;
    return this.#normalize ? total : 1;
  }

  #complainOfReward(reward: number, next?: number): void {
    this.#complain(`has reward ${reward}`, "a finite number", "leave an action out of a state to make it infeasible.", next);
  }

  /** Records something wrong with the current choice. */
  #complain(got: string, expected: string, hint?: string, next?: number): void {
    this.#issues.add(placeOf(this.#states, this.#actions, this.#state, this.#action, next), got, expected, hint);
  }
}

function misuse(method: string, got: string, expected: string): OptionError {
  return new OptionError(`MdpBuilder.${method}()`, got, expected);
}
