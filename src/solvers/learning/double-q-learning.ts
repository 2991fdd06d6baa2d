// Double Q-learning: two tables, one picks the best choice and the other says what it is worth.
import type { Env } from "../../envs/env.ts";
import { pickGreedy } from "../../policies/greedy.ts";
import type { Agent, AgentState } from "./agent.ts";
import { learnControl } from "./control.ts";
import type { Memory } from "./memory.ts";
import type { LearnOptions, LearnResult } from "./options.ts";
import { loadNumber, loadTable, saveTable } from "./saved.ts";

/**
 * Q-learning without its maximisation bias: each step updates one of two tables, drawn at random, by the other's value of
 * its own best choice (van Hasselt, 2010; Sutton and Barto, section 6.7). It acts on, and answers, their mean.
 *
 * @throws OptionError, EnvProtocolError as `qLearning`.
 * @example
 * await doubleQLearning(env, { steps: 1e5, learningRate: 0.1 });
 */
export function doubleQLearning<S, A>(env: Env<S, A>, options: LearnOptions<S, A>): Promise<LearnResult<S, A>> {
  return learnControl(env, "double-q-learning", options, ({ memory }) => new DoubleQLearningAgent(memory));
}

/** `memory.q` is the mean of the two tables, kept up to date for the explorer. */
class DoubleQLearningAgent implements Agent {
  private readonly memory: Memory;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private choice = -1;

  constructor(memory: Memory) {
    this.memory = memory;
    this.first = memory.q.slice();
    this.second = memory.q.slice();
  }

  begin(state: number): number {
    this.choice = this.memory.pick(state);
    return this.choice;
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    const c = this.choice;
    const heads = memory.rng.chance(0.5);
    const picks = heads ? this.first : this.second;
    const judges = heads ? this.second : this.first;
    const from = memory.choices.stateChoices[next]!;
    const to = memory.choices.stateChoices[next + 1]!;
    const follows = terminated || from === to ? 0 : judges[pickGreedy(picks, from, to, memory.rng, "random")]!;
    picks[c] = picks[c]! + memory.rateOf(c) * (reward + memory.discount * follows - picks[c]!);
    memory.q[c] = (picks[c]! + judges[c]!) / 2;
    this.choice = over ? -1 : memory.pick(next);
    return this.choice;
  }

  abandon(): void {
    // Nothing is pending.
  }

  save(): AgentState {
    return { ...this.memory.save(), first: saveTable(this.first), second: saveTable(this.second), choice: this.choice };
  }

  load(saved: AgentState): void {
    this.memory.load(saved);
    loadTable(saved, "first", this.first);
    loadTable(saved, "second", this.second);
    this.choice = loadNumber(saved, "choice");
  }
}
