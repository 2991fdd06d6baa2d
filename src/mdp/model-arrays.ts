// The arrays of a model being built: ordinary ones while it is small, regions of an arena from when it is large.
import { GrowableFloat64, GrowableInt32, type Growth } from "./growable.ts";
import { type ArenaRule, type ModelRegions, modelRegions } from "./model-arena.ts";
import { RowStore } from "./row-store.ts";
import type { Storage } from "./storage.ts";

export class ModelArrays {
  stateChoices: Int32Array;
  terminal: Uint8Array;
  readonly choiceAction: GrowableInt32;
  readonly reward: GrowableFloat64;
  readonly rows: RowStore;
  readonly #actions: number;
  readonly #rule: ArenaRule;
  /** States that have ended. */
  #states = 0;
  /** Whether it has been decided that the model goes into an arena, or stays out. */
  #settled = false;
  #regions: ModelRegions | undefined;

  constructor(states: number, actions: number, rule: ArenaRule) {
    // As many a state as so far.
    const growth: Growth = { foresee: (length) => this.#foresee(length), grown: () => this.#leaveArena() };
    this.#actions = actions;
    this.#rule = rule;
    this.stateChoices = new Int32Array(states + 1);
    this.terminal = new Uint8Array(states);
    this.choiceAction = new GrowableInt32(64, growth);
    this.reward = new GrowableFloat64(64, growth);
    this.rows = new RowStore(states, growth);
  }

  /** Ends state `s`, whose choices and rows have all been added. Answers how many there were. */
  endState(s: number): number {
    const choices = this.choiceAction.length;
    this.stateChoices[s + 1] = choices;
    this.#states = s + 1;
    if (!this.#settled && (choices >= this.#rule.from || this.rows.stored >= this.#rule.from)) this.#enterArena();
    return choices - this.stateChoices[s]!;
  }

  /** The model. The arrays are used up. */
  done(rounding: Storage["rounding"]): Storage {
    const rows = this.rows.done();
    return {
      stateCount: this.terminal.length,
      choiceCount: this.choiceAction.length,
      stateChoices: this.stateChoices,
      choiceAction: this.choiceAction.done(),
      reward: this.reward.done(),
      terminal: this.terminal,
      rounding,
      ...rows,
      ...(this.#regions === undefined ? {} : { arena: this.#regions.arena }),
    };
  }

  /** As many a state as so far. */
  #foresee(length: number): number {
    return (length / Math.max(1, this.#states)) * this.terminal.length;
  }

  /** Moves everything into an arena, if the model as foreseen fits into one. */
  #enterArena(): void {
    this.#settled = true;
    const states = this.terminal.length;
    const { spare, bytes } = this.#rule;
    const choices = Math.ceil(this.#foresee(this.choiceAction.length));
    const branches = Math.ceil(this.#foresee(this.rows.stored));
    const most = { states, choices: Math.min(states * this.#actions, Math.ceil(spare * choices)), branches: Math.ceil(spare * branches) };
    if (most.choices < this.choiceAction.length) return; // choices that are wrong, and will be refused
    const regions = modelRegions(most, branches, bytes);
    if (regions === undefined) return;
    // What has not been written is zero on either side, and stays untouched.
    regions.stateChoices.set(this.stateChoices.subarray(0, this.#states + 1));
    regions.terminal.set(this.terminal.subarray(0, this.#states));
    this.stateChoices = regions.stateChoices;
    this.terminal = regions.terminal;
    this.choiceAction.moveTo(regions.choiceAction);
    this.reward.moveTo(regions.reward);
    this.rows.moveTo(regions);
    this.#regions = regions;
  }

  /** A region has run full and its array has left already: the others follow, so that the arena's memory can go. */
  #leaveArena(): void {
    if (this.#regions === undefined) return;
    const { buffer } = this.#regions.arena.memory;
    this.#regions = undefined;
    this.stateChoices = this.stateChoices.slice();
    this.terminal = this.terminal.slice();
    this.choiceAction.leave(buffer);
    this.reward.leave(buffer);
    this.rows.leave(buffer);
  }
}
