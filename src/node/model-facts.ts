// Facts about a model's structure, gathered in one walk over its storage: what `mdpkit info` tells.
import { type Mdp, rowOf, storageBytes } from "../mdp/index.ts";
import { CompensatedSum } from "../numeric/index.ts";

export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface ModelFacts {
  readonly states: number;
  readonly actions: number;
  readonly choices: number;
  readonly branches: number;
  /** Branches held in memory: fewer than `branches` where choices share rows. */
  readonly storedBranches: number;
  readonly bytes: number;
  readonly terminal: number;
  /** Feasible actions of the non-terminal states. */
  readonly feasibleActions: Spread;
  readonly branchesPerChoice: Spread;
  /** Choices that can stay where they are, and those that surely do. */
  readonly selfLoops: number;
  readonly blocked: number;
  /** Branches that end the episode in a state of their own. */
  readonly endingBranches: number;
  readonly rowSums: { readonly min: number; readonly max: number };
  readonly rewards: { readonly min: number; readonly max: number };
  /** How many states the initial ones lead to; undefined where the model names no initial state. */
  readonly reachable: number | undefined;
}

export function modelFacts<S, A>(mdp: Mdp<S, A>): ModelFacts {
  const { storage } = mdp;
  const { stateCount, stateChoices, rowBranches, target, probability } = storage;
  const feasible = new SpreadCount();
  const widths = new SpreadCount();
  const sums = new SpreadCount();
  const rewards = new SpreadCount();
  const total = new CompensatedSum();
  let selfLoops = 0;
  let blocked = 0;
  let endingBranches = 0;
  for (let s = 0; s < stateCount; s++) {
    const from = stateChoices[s]!;
    const to = stateChoices[s + 1]!;
    if (to > from) feasible.add(to - from);
    for (let c = from; c < to; c++) {
      const row = rowOf(storage, c);
      const begin = rowBranches[row]!;
      const end = rowBranches[row + 1]!;
      let stays = false;
      total.reset();
      for (let b = begin; b < end; b++) {
        if (target[b] === s) stays = true;
        if (target[b] === stateCount) endingBranches++;
        total.add(probability[b]!);
      }
      if (stays) selfLoops++;
      if (stays && end - begin === 1) blocked++;
      widths.add(end - begin);
      sums.add(total.value);
      rewards.add(storage.reward[c]!);
    }
  }
  return {
    states: stateCount,
    actions: mdp.actionCount,
    choices: mdp.choiceCount,
    branches: mdp.branchCount,
    storedBranches: target.length,
    bytes: storageBytes(storage),
    terminal: storage.terminal.reduce((count, flag) => count + flag, 0),
    feasibleActions: feasible.spread,
    branchesPerChoice: widths.spread,
    selfLoops,
    blocked,
    endingBranches,
    rowSums: { min: sums.spread.min, max: sums.spread.max },
    rewards: { min: rewards.spread.min, max: rewards.spread.max },
    reachable: mdp.initial === undefined ? undefined : countReachable(mdp, mdp.initial.state),
  };
}

/** How many states can be entered from the given ones, themselves included. */
function countReachable<S, A>(mdp: Mdp<S, A>, initial: Int32Array): number {
  const { storage } = mdp;
  const { stateCount, stateChoices, rowBranches, target } = storage;
  const seen = new Uint8Array(stateCount);
  const queue = new Int32Array(stateCount);
  let found = 0;
  const enter = (s: number) => {
    if (seen[s] === 1) return;
    seen[s] = 1;
    queue[found++] = s;
  };
  for (const s of initial) enter(s);
  for (let next = 0; next < found; next++) {
    const s = queue[next]!;
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const row = rowOf(storage, c);
      for (let b = rowBranches[row]!; b < rowBranches[row + 1]!; b++) if (target[b]! < stateCount) enter(target[b]!);
    }
  }
  return found;
}

class SpreadCount {
  #min = Infinity;
  #max = -Infinity;
  #count = 0;
  readonly #sum = new CompensatedSum();

  add(x: number): void {
    if (x < this.#min) this.#min = x;
    if (x > this.#max) this.#max = x;
    this.#count++;
    this.#sum.add(x);
  }

  /** Zeros where nothing was counted. */
  get spread(): Spread {
    return this.#count === 0 ? { min: 0, mean: 0, max: 0 } : { min: this.#min, mean: this.#sum.value / this.#count, max: this.#max };
  }
}
