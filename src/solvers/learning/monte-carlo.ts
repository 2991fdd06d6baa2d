// Monte Carlo prediction: the value of a policy as the mean of the returns that followed each state.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import { StateTable } from "../../mdp/index.ts";
import type { Policy, Schedule } from "../../policies/index.ts";
import { asSchedule } from "../../policies/schedule.ts";
import type { Agent, AgentState } from "./agent.ts";
import { PendingSteps } from "./pending-steps.ts";
import { type Prediction, type PredictionContext, type PredictionOptions, predict } from "./prediction.ts";
import { loadNumber, loadTable, saveTable } from "./saved.ts";

export interface MonteCarloOptions<S> extends PredictionOptions<S> {
  /** "first": a state's first visit in an episode counts, which is unbiased; "every": all of them do. Default "first". */
  readonly visits?: "first" | "every" | undefined;
  /** Default: plain averages, 1/n at the n-th return. */
  readonly learningRate?: number | Schedule | undefined;
  /** An episode that was cut off has no full return: "bootstrap" adds the present value of the state it was cut off in, "discard" forgets the episode. Default "bootstrap". */
  readonly truncated?: "bootstrap" | "discard" | undefined;
}

export interface MonteCarloPrediction<S> extends Prediction<S> {
  /** S standard errors of the means: NaN under two returns, or where the returns are not independent ("every") or not averaged (a learning rate). */
  readonly standardError: StateTable<S>;
}

/**
 * Estimates V^π by averaging returns (Sutton and Barto, section 5.1).
 *
 * @throws OptionError, ShapeError, EnvProtocolError
 * @example
 * const { value, standardError } = await monteCarloPrediction(env, Policy.uniform(policySpace(mdp)), { steps: 1e5, seed: 7 });
 */
export async function monteCarloPrediction<S, A>(env: Env<S, A>, policy: Policy<S, A>, options: MonteCarloOptions<S>): Promise<MonteCarloPrediction<S>> {
  const { visits = "first", truncated = "bootstrap" } = options;
  if (visits !== "first" && visits !== "every") throw new OptionError("visits", visits, '"first" or "every"');
  if (truncated !== "bootstrap" && truncated !== "discard") throw new OptionError("truncated", truncated, '"bootstrap" or "discard"');
  const rate = options.learningRate === undefined ? undefined : asSchedule(options.learningRate, "learningRate", Number.MIN_VALUE, 1);
  const squares = new Float64Array(env.states.size);
  const result = await predict(
    env,
    policy,
    `monte-carlo-${visits}`,
    options,
    (context) => new MonteCarloAgent(context, squares, visits === "first", rate, truncated === "discard"),
  );
  const known = visits === "first" && rate === undefined;
  const standardError = squares.map((square, s) => {
    const n = result.visits[s]!;
    return known && n >= 2 ? Math.sqrt(square / (n - 1) / n) : Number.NaN;
  });
  return { ...result, standardError: new StateTable(env.states, standardError) };
}

class MonteCarloAgent<S, A> implements Agent {
  private readonly context: PredictionContext<S, A>;
  /** Sums of squared distances from the running mean (Welford). */
  private readonly squares: Float64Array;
  private readonly first: boolean;
  private readonly rate: Schedule | undefined;
  private readonly discard: boolean;
  private readonly pending = new PendingSteps();
  /** The number of the episode in which a state was last learned from. */
  private readonly learnedIn: Float64Array;
  private episode = 0;
  private state = -1;

  constructor(context: PredictionContext<S, A>, squares: Float64Array, first: boolean, rate: Schedule | undefined, discard: boolean) {
    this.context = context;
    this.squares = squares;
    this.first = first;
    this.rate = rate;
    this.discard = discard;
    this.learnedIn = new Float64Array(context.value.length);
  }

  begin(state: number): number {
    this.state = state;
    this.episode++;
    return this.context.policy.sampleAt(state, this.context.rng);
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    this.pending.push(this.state, -1, reward);
    this.state = next;
    if (!over) return this.context.policy.sampleAt(next, this.context.rng);
    if (terminated) this.learn(0);
    else this.abandon();
    return -1;
  }

  abandon(): void {
    if (this.discard) this.pending.clear();
    else this.learn(this.context.value[this.state]!);
  }

  /** Returns back to front, then the averages in the order of the visits. */
  private learn(tail: number): void {
    const { discount } = this.context;
    const pending = this.pending;
    let total = tail;
    for (let i = pending.count - 1; i >= 0; i--) {
      total = pending.rewardAt(i) + discount * total;
      pending.setReturn(i, total);
    }
    for (let i = 0; i < pending.count; i++) {
      const s = pending.stateAt(i);
      if (this.first && this.learnedIn[s] === this.episode) continue;
      this.learnedIn[s] = this.episode;
      this.average(s, pending.returnAt(i));
    }
    pending.clear();
  }

  private average(s: number, total: number): void {
    const { value, visits, clock } = this.context;
    const n = visits[s]! + 1;
    visits[s] = n;
    const error = total - value[s]!;
    value[s] = value[s]! + error * (this.rate === undefined ? 1 / n : this.rate(clock.step - 1, n));
    this.squares[s] = this.squares[s]! + error * (total - value[s]!);
  }

  save(): AgentState {
    const { value, visits } = this.context;
    return { value: saveTable(value), visits: saveTable(visits), squares: saveTable(this.squares), ...this.pending.save(), state: this.state };
  }

  load(saved: AgentState): void {
    loadTable(saved, "value", this.context.value);
    loadTable(saved, "visits", this.context.visits);
    loadTable(saved, "squares", this.squares);
    this.pending.load(saved);
    this.state = loadNumber(saved, "state");
    // Episodes count anew: what an earlier number meant is in no table that matters between episodes.
    this.episode = 1;
  }
}
