// Agents that learn from one step at a time: Q(s,a) moves towards r + γ · (what is expected of the state entered).
import type { Explorer, SoftExplorer } from "../../policies/index.ts";
import type { Agent, AgentState } from "./agent.ts";
import type { Memory } from "./memory.ts";
import { loadNumber } from "./saved.ts";

/** The common part: which choice was taken. */
abstract class OneStep implements Agent {
  protected readonly memory: Memory;
  protected choice = -1;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  begin(state: number): number {
    this.choice = this.memory.pick(state);
    return this.choice;
  }

  abstract observe(reward: number, next: number, terminated: boolean, over: boolean): number;

  goOn(choice: number): void {
    this.choice = choice;
  }

  abandon(): void {
    // Nothing is pending: every step was learned from when it was made.
  }

  save(): AgentState {
    return { ...this.memory.save(), choice: this.choice };
  }

  load(saved: AgentState): void {
    this.memory.load(saved);
    this.choice = loadNumber(saved, "choice");
  }
}

/** Towards r + γ max Q(s',·); the next choice is picked from the table just changed. */
export class QLearningAgent extends OneStep {
  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    memory.update(this.choice, terminated ? reward : reward + memory.discount * memory.best(next));
    this.choice = over ? -1 : memory.pick(next);
    return this.choice;
  }
}

/** Towards r + γ Q(s',a') for the a' taken next; where the episode was cut off, for one that would have been. */
export class SarsaAgent extends OneStep {
  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    const after = terminated ? -1 : memory.pick(next);
    memory.update(this.choice, after < 0 ? reward : reward + memory.discount * memory.q[after]!);
    this.choice = over ? -1 : after;
    return this.choice;
  }
}

/** Towards r + γ Σ π(a'|s') Q(s',a') for the target policy π. */
export class ExpectedSarsaAgent extends OneStep {
  private readonly target: Explorer;

  constructor(memory: Memory, target: Explorer) {
    super(memory);
    this.target = target;
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    memory.update(this.choice, terminated ? reward : reward + memory.discount * memory.expected(next, this.target));
    this.choice = over ? -1 : memory.pick(next);
    return this.choice;
  }
}

/** Towards r + γ · (the soft value of s' under a reference policy). */
export class SoftQLearningAgent extends OneStep {
  private readonly soft: SoftExplorer;

  constructor(memory: Memory, soft: SoftExplorer) {
    super(memory);
    this.soft = soft;
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    const from = memory.choices.stateChoices[next]!;
    const to = memory.choices.stateChoices[next + 1]!;
    memory.update(this.choice, terminated || from === to ? reward : reward + memory.discount * this.soft.softValue(memory.q, from, to));
    this.choice = over ? -1 : memory.pick(next);
    return this.choice;
  }
}
