// What a run keeps while it is under way: account, memory, what was learned, and the trace, record by record.
import type { Budget } from "./budget.ts";
import { Memory, type MemoryOptions } from "./memory.ts";
import { type Ended, failureRecord } from "./outside.ts";
import type { TabularLearner } from "./tabular-learner.ts";
import type { Trace, TraceEnd, TraceHeader, TraceRecord, TraceStep, UnfinishedStep } from "./trace.ts";

/** Answers and steps that did not go as planned. */
export interface EpisodeCounts {
  unparsable: number;
  fallbacks: number;
  blocked: number;
  impossible: number;
  replans: number;
}

export interface EpisodeOptions<S, A> {
  readonly budget: Budget;
  readonly memory: MemoryOptions | undefined;
  readonly learner: TabularLearner<S, A> | undefined;
  /** Told of every record as it is made. */
  readonly onRecord: ((record: TraceRecord) => void | Promise<void>) | undefined;
}

/** The books of one run. */
export class Episode<S, A> {
  readonly budget: Budget;
  readonly memory: Memory;
  readonly learner: TabularLearner<S, A> | undefined;
  readonly steps: TraceStep[] = [];
  readonly count: EpisodeCounts = { unparsable: 0, fallbacks: 0, blocked: 0, impossible: 0, replans: 0 };
  readonly #onRecord: ((record: TraceRecord) => void | Promise<void>) | undefined;
  #header: TraceHeader | undefined;
  #totalReward = 0;

  constructor(options: EpisodeOptions<S, A>) {
    this.budget = options.budget;
    this.memory = new Memory(options.memory);
    this.learner = options.learner;
    this.#onRecord = options.onRecord;
  }

  get totalReward(): number {
    return this.#totalReward;
  }

  /** The first record. */
  async begin(header: TraceHeader): Promise<void> {
    this.#header = header;
    await this.#onRecord?.(header);
  }

  /** A step that was taken, now or, of a run that is resumed, before: learned from, remembered, written down. */
  async add(step: TraceStep, choice: number): Promise<void> {
    this.learner?.update(choice, step.reward, step.next, step.terminated);
    this.memory.remember({ observation: step.observation, action: step.action, feedback: step.feedback });
    this.#totalReward += step.reward;
    this.steps.push(step);
    await this.#onRecord?.(step);
  }

  /** The last record, and with it the whole trace. */
  async finish(ended: Ended, unfinished: UnfinishedStep | undefined): Promise<Trace> {
    const { impossible, replans, ...count } = this.count;
    const end: TraceEnd = {
      status: ended.status,
      totalReward: this.#totalReward,
      spent: this.budget.spent,
      ...count,
      ...(impossible === 0 ? {} : { impossible }),
      ...(replans === 0 ? {} : { replans }),
      ...(ended.error === undefined ? {} : { failure: failureRecord(ended.error) }),
      ...(unfinished === undefined ? {} : { unfinished }),
    };
    const header = this.#header;
    if (header === undefined) throw new TypeError("finish before begin");
    await this.#onRecord?.(end);
    return { header, steps: this.steps, end };
  }
}
