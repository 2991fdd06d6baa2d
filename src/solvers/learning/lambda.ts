// Control with eligibility traces: SARSA(λ) and Watkins's Q(λ).

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import type { Agent, AgentState } from "./agent.ts";
import { learnControl } from "./control.ts";
import type { Memory } from "./memory.ts";
import type { LearnOptions, LearnResult } from "./options.ts";
import { loadNumber } from "./saved.ts";
import { checkLambda, type TraceKind, Traces } from "./traces.ts";

export interface LambdaOptions<S, A> extends LearnOptions<S, A> {
  /** λ in [0, 1]: 0 learns from one step, 1 from whole episodes. */
  readonly lambda: number;
  /**
   * As for every learner, but 0.1 by default where λ > 0: a rate that falls with each choice's own visits lets the large first steps of one choice
   * correct all the others on its trace, and diverges.
   */
  readonly learningRate?: LearnOptions<S, A>["learningRate"];
  /** Default "replacing". "dutch" (SARSA only) makes it true online SARSA(λ). */
  readonly traces?: TraceKind | undefined;
}

/**
 * SARSA(λ): each error also corrects the choices that led to it, less the longer ago they were (Sutton and Barto, section
 * 12.7; with dutch traces true online SARSA(λ), section 12.8, van Seijen et al., 2016).
 *
 * @remarks λ = 0 is `sarsa`. Traces below 1e-9 are dropped. The learning rate of a step is that of the choice it was made by.
 * @throws OptionError unless lambda is in [0, 1]; and as `qLearning`.
 * @example
 * await sarsaLambda(env, { steps: 1e5, lambda: 0.9 });
 */
export function sarsaLambda<S, A>(env: Env<S, A>, options: LambdaOptions<S, A>): Promise<LearnResult<S, A>> {
  const lambda = checkLambda(options.lambda);
  const traces = checkTraces(options.traces, ["accumulating", "replacing", "dutch"]);
  return learnControl(env, "sarsa-lambda", withRate(options), ({ memory }) => new LambdaAgent(memory, lambda, traces, false));
}

/**
 * Watkins's Q(λ): the error of Q-learning, traces cut where a choice was not greedy (Watkins, 1989; Sutton and Barto,
 * section 12.10).
 *
 * @remarks λ = 0 is `qLearning`.
 * @throws OptionError unless lambda is in [0, 1]; and as `qLearning`.
 * @example
 * await watkinsQ(env, { steps: 1e5, lambda: 0.9 });
 */
export function watkinsQ<S, A>(env: Env<S, A>, options: LambdaOptions<S, A>): Promise<LearnResult<S, A>> {
  const lambda = checkLambda(options.lambda);
  const traces = checkTraces(options.traces, ["accumulating", "replacing"]);
  return learnControl(env, "watkins-q", withRate(options), ({ memory }) => new LambdaAgent(memory, lambda, traces, true));
}

/** A constant rate, unless the caller gave one. */
function withRate<S, A>(options: LambdaOptions<S, A>): LambdaOptions<S, A> {
  return options.learningRate === undefined && options.lambda > 0 ? { ...options, learningRate: 0.1 } : options;
}

function checkTraces(given: TraceKind | undefined, allowed: readonly TraceKind[]): TraceKind {
  const kind = given ?? "replacing";
  if (!allowed.includes(kind)) throw new OptionError("traces", kind, allowed.map((name) => JSON.stringify(name)).join(" or "));
  return kind;
}

class LambdaAgent implements Agent {
  private readonly memory: Memory;
  private readonly decay: number;
  private readonly kind: TraceKind;
  private readonly offPolicy: boolean;
  private readonly traces: Traces;
  private choice = -1;
  /** Dutch traces: the Q of the present choice as it stood when it was picked. */
  private before = 0;

  constructor(memory: Memory, lambda: number, kind: TraceKind, offPolicy: boolean) {
    this.memory = memory;
    this.decay = memory.discount * lambda;
    this.kind = kind;
    this.offPolicy = offPolicy;
    this.traces = new Traces(memory.q.length);
  }

  begin(state: number): number {
    this.choice = this.memory.pick(state);
    this.traces.clear();
    this.before = 0;
    return this.choice;
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const memory = this.memory;
    const c = this.choice;
    // SARSA needs the choice it takes next for its error; Q(λ) picks from the table just changed, as Q-learning does.
    let after = this.offPolicy || terminated ? -1 : memory.pick(next);
    const follows = terminated ? 0 : this.offPolicy ? memory.best(next) : after < 0 ? 0 : memory.q[after]!;
    const rate = memory.rateOf(c);
    const error = reward + memory.discount * follows - memory.q[c]!;
    this.traces.visit(c, this.kind, rate);
    if (this.kind === "dutch") this.learnDutch(c, rate, error, follows);
    else this.traces.addTo(memory.q, rate * error);
    if (this.offPolicy && !over) after = memory.pick(next);
    this.choice = over ? -1 : after;
    if (!over) this.traces.decay(this.offPolicy && memory.q[after] !== memory.best(next) ? 0 : this.decay);
    return this.choice;
  }

  private learnDutch(c: number, rate: number, error: number, follows: number): void {
    const { q } = this.memory;
    const drift = q[c]! - this.before;
    this.traces.addTo(q, rate * (error + drift));
    q[c] = q[c]! - rate * drift;
    this.before = follows;
  }

  abandon(): void {
    this.traces.clear();
  }

  save(): AgentState {
    return { ...this.memory.save(), ...this.traces.save(), choice: this.choice, before: this.before };
  }

  load(saved: AgentState): void {
    this.memory.load(saved);
    this.traces.load(saved);
    this.choice = loadNumber(saved, "choice");
    this.before = loadNumber(saved, "before");
  }
}
