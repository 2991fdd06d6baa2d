// What every learner of Q has in common: the table, its visits, the explorer and the step sizes.
import type { ChoiceIndex } from "../../mdp/index.ts";
import type { Rng } from "../../numeric/index.ts";
import type { Explorer, Schedule } from "../../policies/index.ts";
import type { AgentState, Clock } from "./agent.ts";
import { loadTable, saveTable } from "./saved.ts";

export interface MemoryParts {
  readonly choices: ChoiceIndex;
  /** C starting values, oriented: larger is better. Owned by the memory from now on. */
  readonly q: Float64Array;
  readonly discount: number;
  readonly explore: Explorer;
  readonly rate: Schedule;
  readonly rng: Rng;
  readonly clock: Clock;
  /** C counts to go on from, owned by the memory from now on. Default: zeros. */
  readonly visits?: Float64Array | undefined;
}

/** Q of each choice, oriented so that larger is better, with what reading and changing it takes. */
export class Memory {
  readonly choices: ChoiceIndex;
  readonly q: Float64Array;
  readonly visits: Float64Array;
  readonly discount: number;
  readonly rng: Rng;
  readonly clock: Clock;
  private readonly explore: Explorer;
  private readonly rate: Schedule;
  private readonly stateChoices: Int32Array;
  private readonly probability: Float64Array;

  constructor(parts: MemoryParts) {
    this.choices = parts.choices;
    this.q = parts.q;
    this.visits = parts.visits ?? new Float64Array(parts.q.length);
    this.discount = parts.discount;
    this.rng = parts.rng;
    this.clock = parts.clock;
    this.explore = parts.explore;
    this.rate = parts.rate;
    this.stateChoices = parts.choices.stateChoices;
    this.probability = new Float64Array(parts.q.length);
  }

  /** The choice to take in a state, -1 where it has none. */
  pick(state: number): number {
    const from = this.stateChoices[state]!;
    const to = this.stateChoices[state + 1]!;
    return from === to ? -1 : this.explore.pick(this.q, from, to, this.rng, this.clock.step, this.visits);
  }

  /** max Q of a state, 0 where it has no choices. */
  best(state: number): number {
    const q = this.q;
    const from = this.stateChoices[state]!;
    const to = this.stateChoices[state + 1]!;
    if (from === to) return 0;
    let best = q[from]!;
    for (let c = from + 1; c < to; c++) if (q[c]! > best) best = q[c]!;
    return best;
  }

  /** Σ π(c) Q(c) over a state's choices for an explorer's π, 0 where it has none. */
  expected(state: number, target: Explorer): number {
    const from = this.stateChoices[state]!;
    const to = this.stateChoices[state + 1]!;
    if (from === to) return 0;
    const probability = this.probability;
    target.probabilities(this.q, from, to, this.clock.step, probability, this.visits);
    let total = 0;
    // A choice the target never takes is no part of the sum, whatever its value.
    for (let c = from; c < to; c++) if (probability[c]! > 0) total += probability[c]! * this.q[c]!;
    return total;
  }

  /** π(choice) as the last call of `expected` for its state left it. */
  probabilityOf(choice: number): number {
    return this.probability[choice]!;
  }

  /** Counts a visit of a choice; the step size of its update. */
  rateOf(choice: number): number {
    const visits = this.visits[choice]! + 1;
    this.visits[choice] = visits;
    // The clock already counts the step that is being learned from.
    return this.rate(this.clock.step - 1, visits);
  }

  /** Moves Q of a choice towards `target`. */
  update(choice: number, target: number): void {
    const rate = this.rateOf(choice);
    const q = this.q[choice]!;
    // With rate 1 the target exactly, not up to rounding.
    this.q[choice] = rate === 1 ? target : q + rate * (target - q);
  }

  save(): AgentState {
    return { q: saveTable(this.q), visits: saveTable(this.visits) };
  }

  load(saved: AgentState): void {
    loadTable(saved, "q", this.q);
    loadTable(saved, "visits", this.visits);
  }
}
