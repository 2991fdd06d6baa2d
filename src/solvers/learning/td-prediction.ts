// TD(λ): the value of a policy from steps taken by it.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import type { Policy, Schedule } from "../../policies/index.ts";
import type { Agent, AgentState } from "./agent.ts";
import { learningRate } from "./learning-rate.ts";
import { type Prediction, type PredictionContext, type PredictionOptions, predict } from "./prediction.ts";
import { loadNumber, loadTable, saveTable } from "./saved.ts";
import { checkLambda, type TraceKind, Traces } from "./traces.ts";

export interface TdOptions<S> extends PredictionOptions<S> {
  /** λ in [0, 1]. Default 0: TD(0). */
  readonly lambda?: number | undefined;
  /** Default "accumulating". "dutch" makes it true online TD(λ). */
  readonly traces?: TraceKind | undefined;
  /** α in (0, 1], or a schedule by step and by visits of the state. Default `defaultLearningRate(discount)`. */
  readonly learningRate?: number | Schedule | undefined;
  /** "offline" gathers an episode's changes and makes them at its end; with λ = 1 that is every-visit Monte Carlo. Default "online". */
  readonly updates?: "online" | "offline" | undefined;
}

/**
 * Estimates V^π by temporal differences (Sutton, 1988; Sutton and Barto, sections 6.1, 12.2 and 12.5).
 *
 * @remarks A truncated episode bootstraps from the state it was cut off in, a terminated one does not. Offline changes of an
 *   endless episode are never made: give the environment a step limit.
 * @throws OptionError, ShapeError, EnvProtocolError
 * @example
 * const { value } = await tdPrediction(env, Policy.uniform(policySpace(mdp)), { steps: 1e5, lambda: 0.8, learningRate: 0.05 });
 */
export function tdPrediction<S, A>(env: Env<S, A>, policy: Policy<S, A>, options: TdOptions<S>): Promise<Prediction<S>> {
  const lambda = checkLambda(options.lambda ?? 0);
  const traces = options.traces ?? "accumulating";
  const updates = options.updates ?? "online";
  if (!["accumulating", "replacing", "dutch"].includes(traces)) throw new OptionError("traces", traces, '"accumulating", "replacing" or "dutch"');
  if (updates !== "online" && updates !== "offline") throw new OptionError("updates", updates, '"online" or "offline"');
  if (updates === "offline" && traces === "dutch") throw new OptionError("updates", updates, '"online" with dutch traces');
  return predict(
    env,
    policy,
    "td",
    options,
    (context) => new TdAgent(context, lambda, traces, learningRate(options.learningRate, context.discount), updates === "offline"),
  );
}

class TdAgent<S, A> implements Agent {
  private readonly context: PredictionContext<S, A>;
  private readonly decay: number;
  private readonly kind: TraceKind;
  private readonly rate: Schedule;
  private readonly traces: Traces;
  /** Offline: the changes that wait for the end of the episode. */
  private readonly gathered: Float64Array | undefined;
  private state = -1;
  /** Dutch traces: the value of the present state as it stood before the last change. */
  private before = 0;

  constructor(context: PredictionContext<S, A>, lambda: number, kind: TraceKind, rate: Schedule, offline: boolean) {
    this.context = context;
    this.decay = context.discount * lambda;
    this.kind = kind;
    this.rate = rate;
    this.traces = new Traces(context.value.length);
    this.gathered = offline ? new Float64Array(context.value.length) : undefined;
  }

  begin(state: number): number {
    this.state = state;
    this.traces.clear();
    this.before = 0;
    return this.context.policy.sampleAt(state, this.context.rng);
  }

  observe(reward: number, next: number, terminated: boolean, over: boolean): number {
    const { value, visits, discount, clock, policy, rng } = this.context;
    const s = this.state;
    const follows = terminated ? 0 : value[next]!;
    visits[s] = visits[s]! + 1;
    const rate = this.rate(clock.step - 1, visits[s]!);
    const error = reward + discount * follows - value[s]!;
    this.traces.visit(s, this.kind, rate);
    if (this.kind === "dutch") {
      const drift = value[s]! - this.before;
      this.traces.addTo(value, rate * (error + drift));
      value[s] = value[s]! - rate * drift;
      this.before = follows;
    } else this.traces.addTo(this.gathered ?? value, rate * error);
    if (over) {
      this.abandon();
      return -1;
    }
    this.traces.decay(this.decay);
    this.state = next;
    return policy.sampleAt(next, rng);
  }

  abandon(): void {
    const gathered = this.gathered;
    if (gathered === undefined) return;
    const { value } = this.context;
    // Every state changed in this episode still has a trace, or one too small to count; the gathered changes are all there.
    for (let s = 0; s < value.length; s++) value[s] = value[s]! + gathered[s]!;
    gathered.fill(0);
  }

  save(): AgentState {
    const { value, visits } = this.context;
    return {
      value: saveTable(value),
      visits: saveTable(visits),
      ...this.traces.save(),
      ...(this.gathered === undefined ? {} : { gathered: saveTable(this.gathered) }),
      state: this.state,
      before: this.before,
    };
  }

  load(saved: AgentState): void {
    loadTable(saved, "value", this.context.value);
    loadTable(saved, "visits", this.context.visits);
    this.traces.load(saved);
    if (this.gathered !== undefined) loadTable(saved, "gathered", this.gathered);
    this.state = loadNumber(saved, "state");
    this.before = loadNumber(saved, "before");
  }
}
