// What the loop drives: something that picks choices and learns from what comes of them.

/** What an agent remembers, as plain JSON data: tables by name, and what it needs in the middle of an episode. */
export type AgentState = Readonly<Record<string, number | readonly number[]>>;

/**
 * One learning rule with its tables. Rewards handed to it are oriented: larger is better.
 */
export interface Agent {
  /** An episode starts in `state` (which has choices): the choice to take. */
  begin(state: number): number;
  /**
   * What came of the last choice: learns, and answers the next choice, or -1 where the episode is over.
   *
   * @param terminated the model ended the episode: nothing follows `next`, its value here is 0.
   * @param over terminated, or cut off from outside: then the value of `next` still counts.
   */
  observe(reward: number, next: number, terminated: boolean, over: boolean): number;
  /** Other code made steps with the agent's tables: `choice` is about to be taken, -1 between episodes. */
  goOn?(choice: number): void;
  /** The episode under way is given up: learns what is still pending, as if it had been cut off here. */
  abandon(): void;
  save(): AgentState;
  load(saved: AgentState): void;
}

/** How many steps have been taken, shared by the loop (which counts) and everything that reads a schedule. */
export class Clock {
  step = 0;
}
