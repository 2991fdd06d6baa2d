// One line of a learner's history.

/** One point of a learning curve: what happened since the point before. */
export interface LearnHistoryEntry {
  /** Steps and episodes so far. */
  readonly steps: number;
  readonly episodes: number;
  /** Mean undiscounted sum of rewards of the episodes that ended since the last entry; null if none did. */
  readonly episodeReward: number | null;
  /** Their mean length in steps. */
  readonly episodeLength: number | null;
  /** What `evaluate.run` answered here. */
  readonly score?: number;
  readonly seconds: number;
}
