// Q-learning over a compiled model in AssemblyScript: environment, explorer and update in one loop, with the draws and the arithmetic of the generic one.
// Pointers are byte offsets into the memory. Branches are pairs of 32 bits: threshold, and the state entered, negative where the episode ends.
// No value is NaN: the caller has seen to it. Then the order in which a maximum is taken does not matter but for the sign of 0.

import { bestOnes, reached, rowMax, scaled } from "./rows.ts";

let stateChoices: usize = 0;
let choiceRow: usize = 0;
let rowBranches: usize = 0;
let branches: usize = 0;
let reward: usize = 0;
let branchReward: usize = 0;
let q: usize = 0;
let visits: usize = 0;

/** Where the model and the tables lie; 0 where there is no `choiceRow` or `branchReward`. */
export function setModel(choices: usize, rows: usize, offsets: usize, pairs: usize, pay: usize, ownPay: usize, table: usize, counts: usize): void {
  stateChoices = choices;
  choiceRow = rows;
  rowBranches = offsets;
  branches = pairs;
  reward = pay;
  branchReward = ownPay;
  q = table;
  visits = counts;
}

let startState: usize = 0;
let startThreshold: usize = 0;
let startCount: i32 = 0;

/** Where episodes start; thresholds 0 where all starts are alike. */
export function setStarts(states: usize, thresholds: usize, count: i32): void {
  startState = states;
  startThreshold = thresholds;
  startCount = count;
}

let discount: f64 = 0;
let sign: f64 = 1;
let maxSteps: f64 = 0;
let scale: f64 = 0;
let explores: bool = false;
let tiesAtRandom: bool = false;

/** `harmonic` is the scale of a harmonic learning rate, 0 where rates are read from a table; without `epsilon` the explorer is greedy. */
export function setRule(gamma: f64, orientation: f64, limit: f64, harmonic: f64, epsilon: bool, random: bool): void {
  discount = gamma;
  sign = orientation;
  maxSteps = limit;
  scale = harmonic;
  explores = epsilon;
  tiesAtRandom = random;
}

/**
 * At most `steps` steps, fewer if `episodesLeft` episodes end; answers how many were made, at least one.
 *
 * @param registers 10 int32: the learner's and the environment's stream, the choice about to be taken or -1, the branch taken last;
 *   then 6 float64: the environment's steps of the episode, the loop's reward and steps of it, what the loop adds up of ended episodes
 *   (their rewards, their steps), and, written only, the episodes that ended in this call.
 * @param cuts one number a step (the first for the choice before any step), or a single one with stride 0: explore below it.
 * @param rates one learning rate a step, or a single one with stride 0.
 */
export function run(registers: usize, steps: i32, episodesLeft: f64, cuts: usize, cutStride: usize, rates: usize, rateStride: usize): i32 {
  let a = load<i32>(registers);
  let b = load<i32>(registers, 4);
  let c = load<i32>(registers, 8);
  let d = load<i32>(registers, 12);
  let e = load<i32>(registers, 16);
  let f = load<i32>(registers, 20);
  let g = load<i32>(registers, 24);
  let h = load<i32>(registers, 28);
  let choice = load<i32>(registers, 32);
  let branch = load<i32>(registers, 36);
  let elapsed = load<f64>(registers, 40);
  let total = load<f64>(registers, 48);
  let length = load<f64>(registers, 56);
  let windowReward = load<f64>(registers, 64);
  let windowLength = load<f64>(registers, 72);
  let episodes: f64 = 0;
  let done = 0;
  let t = 0;

  while (done < steps) {
    let from = 0;
    let n = 0;
    let ones: u64 = 0;
    if (choice < 0) {
      // A new episode.
      let k = 0;
      if (startCount > 1) {
        t = e + f + h;
        h++;
        e = f ^ (f >>> 9);
        f = g + (g << 3);
        g = rotl<i32>(g, 21) + t;
        k = startThreshold == 0 ? scaled(t, startCount) : reached(startThreshold, 2, startCount - 1, <u32>t);
      }
      elapsed = 0;
      const entry = stateChoices + ((<usize>load<i32>(startState + ((<usize>k) << 2))) << 2);
      from = load<i32>(entry);
      n = load<i32>(entry, 4) - from;
      const row = q + ((<usize>from) << 3);
      ones = bestOnes(row, n, rowMax(row, n));
    } else {
      // The environment's step.
      const offset = rowBranches + ((<usize>(choiceRow == 0 ? choice : load<i32>(choiceRow + ((<usize>choice) << 2)))) << 2);
      branch = load<i32>(offset);
      const last = load<i32>(offset, 4) - branch - 1;
      if (last > 0) {
        t = e + f + h;
        h++;
        e = f ^ (f >>> 9);
        f = g + (g << 3);
        g = rotl<i32>(g, 21) + t;
        const thresholds = branches + ((<usize>branch) << 3);
        // Rows of three, as slipping makes them, without a loop.
        if (last == 2) branch += i32(<u32>t >= load<u32>(thresholds)) + i32(<u32>t >= load<u32>(thresholds, 8));
        else branch += reached(thresholds, 3, last, <u32>t);
      }
      const state = load<i32>(branches + ((<usize>branch) << 3), 4);
      let pay = load<f64>(reward + ((<usize>choice) << 3));
      if (branchReward != 0) {
        const own = load<f64>(branchReward + ((<usize>branch) << 3));
        if (own == own) pay = own;
      }
      // The learner's update; the table of rates is read at the step before this one is counted.
      const at = q + ((<usize>choice) << 3);
      const old = load<f64>(at);
      const counter = visits + ((<usize>choice) << 3);
      const seen = load<f64>(counter) + 1;
      store<f64>(counter, seen);
      const rate = scale > 0 ? scale / (scale + seen - 1) : load<f64>(rates + (<usize>done) * rateStride);
      done++;
      elapsed += 1;
      length += 1;
      total += pay;
      let target = sign * pay;
      let over = state < 0;
      let row: usize = 0;
      let best = f64x2.splat(0);
      if (!over) {
        const entry = stateChoices + ((<usize>state) << 2);
        from = load<i32>(entry);
        n = load<i32>(entry, 4) - from;
        row = q + ((<usize>from) << 3);
        best = rowMax(row, n);
        target += discount * f64x2.extract_lane(best, 0);
        over = elapsed >= maxSteps;
      }
      store<f64>(at, rate == 1 ? target : old + rate * (target - old));
      if (over) {
        choice = -1;
        windowReward += total;
        windowLength += length;
        total = 0;
        length = 0;
        episodes += 1;
        if (episodes >= episodesLeft) break;
        continue;
      }
      // Where the step led back to its own state, the update has changed the row.
      if (<u32>(choice - from) < <u32>n) best = rowMax(row, n);
      ones = bestOnes(row, n, best);
    }
    // The next choice.
    if (explores) {
      t = a + b + d;
      d++;
      a = b ^ (b >>> 9);
      b = c + (c << 3);
      c = rotl<i32>(c, 21) + t;
      if (<f64>(<u32>t) < load<f64>(cuts + (<usize>done) * cutStride)) {
        t = a + b + d;
        d++;
        a = b ^ (b >>> 9);
        b = c + (c << 3);
        c = rotl<i32>(c, 21) + t;
        choice = from + scaled(t, n);
        continue;
      }
    }
    if (tiesAtRandom && (ones & (ones - 1)) != 0) {
      t = a + b + d;
      d++;
      a = b ^ (b >>> 9);
      b = c + (c << 3);
      c = rotl<i32>(c, 21) + t;
      for (let skip = scaled(t, <i32>popcnt(ones)); skip > 0; skip--) ones &= ones - 1;
    }
    choice = from + <i32>ctz(ones);
  }

  store<i32>(registers, a);
  store<i32>(registers, b, 4);
  store<i32>(registers, c, 8);
  store<i32>(registers, d, 12);
  store<i32>(registers, e, 16);
  store<i32>(registers, f, 20);
  store<i32>(registers, g, 24);
  store<i32>(registers, h, 28);
  store<i32>(registers, choice, 32);
  store<i32>(registers, branch, 36);
  store<f64>(registers, elapsed, 40);
  store<f64>(registers, total, 48);
  store<f64>(registers, length, 56);
  store<f64>(registers, windowReward, 64);
  store<f64>(registers, windowLength, 72);
  store<f64>(registers, episodes, 80);
  return done;
}
