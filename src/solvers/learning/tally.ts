// Where a run is: the episode under way and what the loop counts.

/** The loop's counters, apart from the loop so that compiled code goes on from them and leaves them as the loop would. */
export class Tally {
  episodes = 0;
  /** How often the environment has been reset. */
  resets = 0;
  /** The episode under way: the choice about to be taken (-1 between episodes), its rewards and steps. */
  choice = -1;
  reward = 0;
  length = 0;
  /** The episodes that ended since the last entry of the history: how many, their rewards and steps. */
  windowEpisodes = 0;
  windowReward = 0;
  windowLength = 0;

  /** The episode under way has ended. */
  end(): void {
    this.episodes++;
    this.windowEpisodes++;
    this.windowReward += this.reward;
    this.windowLength += this.length;
    this.reward = 0;
    this.length = 0;
  }

  clearWindow(): void {
    this.windowEpisodes = this.windowReward = this.windowLength = 0;
  }

  /** `total` by the number of episodes in the window; null where there are none. */
  windowMean(total: number): number | null {
    return this.windowEpisodes === 0 ? null : total / this.windowEpisodes;
  }
}
