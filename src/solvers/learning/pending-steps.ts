// The steps of an episode that wait to be learned from: a queue in typed arrays that grows by doubling.
import { ShapeError } from "../../errors.ts";
import type { AgentState } from "./agent.ts";
import { loadList } from "./saved.ts";

/** Steps by position, 0 the oldest. Capacity is a power of two, so that positions wrap with a mask. */
export class PendingSteps {
  count = 0;
  private first = 0;
  private mask = 15;
  private state = new Int32Array(16);
  private choice = new Int32Array(16);
  private reward = new Float64Array(16);
  private return = new Float64Array(16);

  push(state: number, choice: number, reward: number): void {
    if (this.count > this.mask) this.grow();
    const k = (this.first + this.count) & this.mask;
    this.state[k] = state;
    this.choice[k] = choice;
    this.reward[k] = reward;
    this.count++;
  }

  /** Forgets the oldest. */
  shift(): void {
    this.first = (this.first + 1) & this.mask;
    this.count--;
  }

  clear(): void {
    this.first = 0;
    this.count = 0;
  }

  stateAt(i: number): number {
    return this.state[(this.first + i) & this.mask]!;
  }

  choiceAt(i: number): number {
    return this.choice[(this.first + i) & this.mask]!;
  }

  rewardAt(i: number): number {
    return this.reward[(this.first + i) & this.mask]!;
  }

  returnAt(i: number): number {
    return this.return[(this.first + i) & this.mask]!;
  }

  setReturn(i: number, total: number): void {
    this.return[(this.first + i) & this.mask] = total;
  }

  /** The steps as lists, without their returns: those are computed when learned from. */
  save(): AgentState {
    const positions = Array.from({ length: this.count }, (_, i) => i);
    return {
      pendingState: positions.map((i) => this.stateAt(i)),
      pendingChoice: positions.map((i) => this.choiceAt(i)),
      pendingReward: positions.map((i) => this.rewardAt(i)),
    };
  }

  /** @throws FormatError, ShapeError */
  load(saved: AgentState): void {
    const state = loadList(saved, "pendingState");
    const choice = loadList(saved, "pendingChoice");
    const reward = loadList(saved, "pendingReward");
    if (choice.length !== state.length || reward.length !== state.length) {
      throw new ShapeError(`resume.agent has ${state.length} pending states, ${choice.length} choices and ${reward.length} rewards, expected as many of each.`);
    }
    this.clear();
    for (let i = 0; i < state.length; i++) this.push(state[i]!, choice[i]!, reward[i]!);
  }

  private grow(): void {
    const size = 2 * (this.mask + 1);
    const [state, choice, reward, totals] = [new Int32Array(size), new Int32Array(size), new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < this.count; i++) {
      state[i] = this.stateAt(i);
      choice[i] = this.choiceAt(i);
      reward[i] = this.rewardAt(i);
      totals[i] = this.returnAt(i);
    }
    [this.state, this.choice, this.reward, this.return] = [state, choice, reward, totals];
    this.first = 0;
    this.mask = size - 1;
  }
}
