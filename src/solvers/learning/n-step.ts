// n-step methods: each choice learns from the n rewards that followed it, then from the table.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import { type Explorer, greedy } from "../../policies/index.ts";
import type { Agent, AgentState } from "./agent.ts";
import { learnControl } from "./control.ts";
import type { Memory } from "./memory.ts";
import type { LearnOptions, LearnResult } from "./options.ts";
import { PendingSteps } from "./pending-steps.ts";
import { loadNumber } from "./saved.ts";

export interface NStepOptions<S, A> extends LearnOptions<S, A> {
  /** How many rewards an update looks ahead; Infinity waits for the end of the episode, as Monte Carlo does. */
  readonly n: number;
}

export interface NStepTargetOptions<S, A> extends NStepOptions<S, A> {
  /** The policy whose Q is learned; see each method for its default. */
  readonly target?: Explorer | undefined;
}

/**
 * n-step SARSA: towards r_1 + γ r_2 + ... + γ^(n-1) r_n + γ^n Q(s_n, a_n) (Sutton and Barto, section 7.2). On-policy.
 *
 * @remarks n = 1 is `sarsa`. At an episode's end the pending steps are learned with the rewards there are, from what the
 *   table said before them; where it was cut off, with the value of a choice drawn in its last state.
 * @throws OptionError unless n is a positive integer or Infinity; and as `qLearning`.
 * @example
 * await nStepSarsa(env, { steps: 1e5, n: 4 });
 */
export function nStepSarsa<S, A>(env: Env<S, A>, options: NStepOptions<S, A>): Promise<LearnResult<S, A>> {
  const n = checkN(options.n);
  return learnControl(env, "n-step-sarsa", options, ({ memory }) => new NStepAgent(memory, n, undefined, false));
}

/**
 * n-step expected SARSA: the last state counts with its expectation under the target policy (section 7.2).
 *
 * @remarks `target` is by default `explore`. Another one makes the last state's value off-policy, the n - 1 choices before it
 *   remain those of the explorer.
 * @throws OptionError unless n is a positive integer or Infinity; and as `qLearning`.
 * @example
 * await nStepExpectedSarsa(env, { steps: 1e5, n: 4 });
 */
export function nStepExpectedSarsa<S, A>(env: Env<S, A>, options: NStepTargetOptions<S, A>): Promise<LearnResult<S, A>> {
  const n = checkN(options.n);
  return learnControl(env, "n-step-expected-sarsa", options, ({ memory, explore }) => new NStepAgent(memory, n, options.target ?? explore, false));
}

/**
 * n-step tree backup: at every state on the way, the choices not taken count with their Q under the target policy, so it
 * learns off-policy without importance weights (Precup, Sutton and Singh, 2000; Sutton and Barto, section 7.5).
 *
 * @remarks `target` is by default `greedy()`; n = 1 is then `qLearning`.
 * @throws OptionError unless n is a positive integer or Infinity; and as `qLearning`.
 * @example
 * await nStepTreeBackup(env, { steps: 1e5, n: 4, explore: epsilonGreedy(0.3) });
 */
export function nStepTreeBackup<S, A>(env: Env<S, A>, options: NStepTargetOptions<S, A>): Promise<LearnResult<S, A>> {
  const n = checkN(options.n);
  return learnControl(env, "n-step-tree-backup", options, ({ memory }) => new NStepAgent(memory, n, options.target ?? greedy(), true));
}

function checkN(n: number): number {
  if (!(n === Infinity || (Number.isSafeInteger(n) && n >= 1))) throw new OptionError("n", n, "a positive integer or Infinity");
  return n;
}

class NStepAgent implements Agent {
  private readonly memory: Memory;
  private readonly n: number;
  /** Whether every state on the way counts with its expectation, or only the last. */
  private readonly tree: boolean;
  /** Undefined for SARSA, which counts the choices taken. */
  private readonly target: Explorer | undefined;
  private readonly pending = new PendingSteps();
  private state = -1;
  private choice = -1;

  constructor(memory: Memory, n: number, target: Explorer | undefined, tree: boolean) {
    this.memory = memory;
    this.n = n;
    this.target = target;
    this.tree = tree;
  }

  begin(state: number): number {
    this.state = state;
    this.choice = this.memory.pick(state);
    return this.choice;
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    this.pending.push(this.state, this.choice, reward);
    // SARSA needs the next choice for its target; the others pick it from the table just changed.
    const early = this.target === undefined && !terminated ? memory.pick(next) : -1;
    if (over) this.flush(terminated ? 0 : this.tail(next, early));
    else if (this.pending.count === this.n) {
      this.learn(0, this.returns(this.tail(next, early)));
      this.pending.shift();
    }
    this.state = next;
    this.choice = over ? -1 : this.target === undefined ? early : memory.pick(next);
    return this.choice;
  }

  abandon(): void {
    if (this.pending.count > 0) this.flush(this.tail(this.state, this.choice));
  }

  /** What the state after the last reward counts for. */
  private tail(state: number, choice: number): number {
    if (this.target !== undefined) return this.memory.expected(state, this.target);
    return choice < 0 ? 0 : this.memory.q[choice]!;
  }

  /** Folds the pending rewards over `tail`, back to front; each step's return is left in its place. Answers the first. */
  private returns(tail: number): number {
    const { discount } = this.memory;
    const { pending, target, tree } = this;
    let total = tail;
    for (let i = pending.count - 1; i >= 0; i--) {
      total = pending.rewardAt(i) + discount * total;
      pending.setReturn(i, total);
      if (i > 0 && tree && target !== undefined) total = this.across(pending.stateAt(i), pending.choiceAt(i), total, target);
    }
    return total;
  }

  /** A state on the way of a tree backup: its expectation, with `total` in the place of the Q of the choice taken. */
  private across(state: number, choice: number, total: number, target: Explorer): number {
    const memory = this.memory;
    const expected = memory.expected(state, target);
    return expected + memory.probabilityOf(choice) * (total - memory.q[choice]!);
  }

  private learn(i: number, total: number): void {
    this.memory.update(this.pending.choiceAt(i), total);
  }

  /** The episode's end: every pending step learns from its own return, in the order they were made. */
  private flush(tail: number): void {
    this.returns(tail);
    for (let i = 0; i < this.pending.count; i++) this.learn(i, this.pending.returnAt(i));
    this.pending.clear();
  }

  save(): AgentState {
    return { ...this.memory.save(), ...this.pending.save(), state: this.state, choice: this.choice };
  }

  load(saved: AgentState): void {
    this.memory.load(saved);
    this.pending.load(saved);
    this.state = loadNumber(saved, "state");
    this.choice = loadNumber(saved, "choice");
  }
}
