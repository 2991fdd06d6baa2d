// A gate for advice: half of the episodes follow the prior, the others do not, until their returns prove that it does worse; then it is dropped for good.

import type { Env } from "../../envs/env.ts";
import { OptionError } from "../../errors.ts";
import type { Objective } from "../../mdp/index.ts";
import { type Explorer, follow, Policy } from "../../policies/index.ts";
import type { AgentState, Clock } from "./agent.ts";
import { BettingTest } from "./betting-test.ts";
import { checkSpace } from "./check-space.ts";
import { orientedBounds, type ReturnBounds, returnBounds } from "./return-bounds.ts";
import { loadList } from "./saved.ts";

/**
 * What `gate` of a learner takes.
 *
 * @example
 * const learned = await qLearning(env, { steps: 1e5, gate: { prior: prior.policy, errorProbability: 0.01 } });
 * learned.gate?.dropped?.reason; // undefined while nothing speaks against the prior
 */
export interface PriorGateOptions<S, A> {
  /** The advice. */
  readonly prior: Policy<S, A> | { readonly policy: Policy<S, A> };
  /** δ in (0, 1): the probability, at most, with which advice as good as anything the learner does is ever dropped. Default 0.05. */
  readonly errorProbability?: number | undefined;
  /** How much worse the advice may be and be kept, in units of return. Default 0. */
  readonly margin?: number | undefined;
  /** What following it means: its most probable action in each state (lowest index on a tie), or one drawn from it. Default "most-probable". */
  readonly advice?: "most-probable" | "sampled" | undefined;
  /** Bounds of the discounted return from any state, in the reward's own sign; the closer, the sooner a bad prior is dropped. Default: what the model's rewards allow. */
  readonly returns?: ReturnBounds | undefined;
}

/** What a gate saw, and whether and when it dropped the prior. */
export interface PriorGateReport {
  /** Null while the prior is trusted. */
  readonly dropped: {
    /** After so many episodes and steps. */
    readonly episode: number;
    readonly step: number;
    /** In a sentence, with the numbers. */
    readonly reason: string;
  } | null;
  readonly errorProbability: number;
  /** The wealth of the test; at 1 / errorProbability the prior is dropped. 1 at the start. */
  readonly evidence: number;
  /** Compared so far: an episode that followed the prior, and one that did not. */
  readonly pairs: number;
  /** Mean discounted return of either kind in these pairs, in the reward's own sign, what an episode cut off might still have brought taken in the prior's favour. Null without a pair. */
  readonly priorReturn: number | null;
  readonly ownReturn: number | null;
}

/** What of a learner a gate works with. */
export interface GateContext {
  readonly discount: number;
  readonly objective: Objective;
  readonly clock: Clock;
  /** How choices are picked where the prior is not followed. */
  readonly own: Explorer;
}

/** A return this much outside its bounds, in parts of their width, is rounding. */
const ROUNDING = 1e-9;

/**
 * Decides episode by episode whether the prior is followed, and tests whether that is worse.
 *
 * The hypothesis is that following the advice is worth as much, at the start of an episode, as anything the learner does; an optimal prior satisfies it, whatever the
 * learner does and learns. Episodes come in pairs, one by the advice (return X), one by the learner's own explorer (return Y), and under the hypothesis (Y - X) /
 * width has a mean of at most 0 given the past, which `BettingTest` tests. Returns are oriented: larger is better.
 */
export class PriorGate<S, A> {
  /** The prior's advice in its episodes, the learner's own way in the others. */
  readonly explore: Explorer;
  private readonly clock: Clock;
  private readonly discount: number;
  private readonly sign: 1 | -1;
  private readonly threshold: number;
  private readonly errorProbability: number;
  private readonly margin: number;
  private readonly low: number;
  private readonly high: number;
  private readonly test = new BettingTest();
  /** Whether the episode under way follows the prior. */
  private following = false;
  /** The episode under way: its discounted return so far and γ^t. */
  private total = 0;
  private weight = 1;
  private episodes = 0;
  /** X of the pair under way. */
  private advised = 0;
  private advisedSum = 0;
  private ownSum = 0;
  /** When the prior was dropped, -1 if it was not. */
  private droppedEpisode = -1;
  private droppedStep = -1;

  /** @throws OptionError, ShapeError */
  constructor(env: Env<S, A>, options: PriorGateOptions<S, A>, context: GateContext) {
    const { errorProbability = 0.05, margin = 0, advice = "most-probable" } = options;
    if (!(errorProbability > 0 && errorProbability < 1)) throw new OptionError("gate.errorProbability", errorProbability, "a number above 0, below 1");
    if (!(margin >= 0 && margin < Infinity)) throw new OptionError("gate.margin", margin, "a finite number >= 0");
    if (advice !== "most-probable" && advice !== "sampled") throw new OptionError("gate.advice", advice, '"most-probable" or "sampled"');
    const prior = "policy" in options.prior ? options.prior.policy : options.prior;
    checkSpace(env, prior, "gate.prior");
    this.clock = context.clock;
    this.discount = context.discount;
    this.sign = context.objective === "minimize" ? -1 : 1;
    this.errorProbability = errorProbability;
    this.threshold = 1 / errorProbability;
    this.margin = margin;
    [this.low, this.high] = orientedBounds(returnBounds(env, options.returns, context.discount, "gate.returns"), context.objective);
    const advised = follow(advice === "sampled" ? prior : mostProbable(prior));
    const { own } = context;
    this.explore = {
      name: `gated-${own.name}`,
      pick: (...given) => (this.following ? advised : own).pick(...given),
      probabilities: (...given) => (this.following ? advised : own).probabilities(...given),
    };
  }

  get dropped(): boolean {
    return this.droppedEpisode >= 0;
  }

  /** An episode starts: the first of each pair follows the prior. */
  begin(): void {
    this.following = !this.dropped && this.episodes % 2 === 0;
    this.total = 0;
    this.weight = 1;
  }

  /** A step paid this much. */
  record(reward: number): void {
    this.total += this.weight * reward;
    this.weight *= this.discount;
  }

  /** The episode is over. What one that was cut off would still have brought is taken in the prior's favour. */
  end(terminated: boolean): void {
    this.episodes++;
    if (this.dropped) return;
    const { low, high } = this;
    const rest = terminated ? 0 : this.weight;
    const least = this.total + rest * low;
    const most = this.total + rest * high;
    const slack = ROUNDING * (high - low);
    if (least > high + slack || most < low - slack) throw this.outside();
    if (this.episodes % 2 === 1) {
      this.advised = Math.min(high, most);
      return;
    }
    const own = Math.max(low, least);
    this.advisedSum += this.advised;
    this.ownSum += own;
    this.test.observe((own - this.advised - this.margin) / (high - low + this.margin));
    if (this.test.evidence < this.threshold) return;
    this.droppedEpisode = this.episodes;
    this.droppedStep = this.clock.step;
  }

  report(): PriorGateReport {
    const { count: pairs, evidence } = this.test;
    const mean = (sum: number): number | null => (pairs === 0 ? null : (this.sign * sum) / pairs);
    const [priorReturn, ownReturn] = [mean(this.advisedSum), mean(this.ownSum)];
    const reason = `following the prior returned ${text(priorReturn)} on average over ${pairs} episodes, the learner's own way ${text(ownReturn)} over as many: the evidence against the prior, ${text(evidence)}, reached ${text(this.threshold)}, which it would with a probability of at most ${this.errorProbability} if the prior were not worse.`;
    return {
      dropped: this.dropped ? { episode: this.droppedEpisode, step: this.droppedStep, reason } : null,
      errorProbability: this.errorProbability,
      evidence,
      pairs,
      priorReturn,
      ownReturn,
    };
  }

  save(): AgentState {
    return {
      gate: [
        this.following ? 1 : 0,
        this.total,
        this.weight,
        this.episodes,
        this.advised,
        this.advisedSum,
        this.ownSum,
        this.droppedEpisode,
        this.droppedStep,
      ].map((x) => x + 0),
      gateTest: this.test.save(),
    };
  }

  /** @throws FormatError for a state that was saved without a gate. */
  load(saved: AgentState): void {
    const [following, ...numbers] = loadList(saved, "gate");
    this.following = following === 1;
    [
      this.total = 0,
      this.weight = 1,
      this.episodes = 0,
      this.advised = 0,
      this.advisedSum = 0,
      this.ownSum = 0,
      this.droppedEpisode = -1,
      this.droppedStep = -1,
    ] = numbers;
    this.test.load(loadList(saved, "gateTest"));
  }

  private outside(): OptionError {
    // Turned twice, they stand as they were given.
    const [low, high] = orientedBounds([this.low, this.high], this.sign === 1 ? "maximize" : "minimize");
    return new OptionError(
      "gate.returns",
      `${low} to ${high}`,
      `bounds of every discounted return: an episode has returned ${this.sign * this.total}`,
      "pass wider returns.",
    );
  }
}

/** The policy that takes the most probable action of another. */
function mostProbable<S, A>(policy: Policy<S, A>): Policy<S, A> {
  return Policy.deterministic(
    policy.space,
    Int32Array.from({ length: policy.space.states.size }, (_, s) => policy.modeAt(s)),
  );
}

function text(x: number | null): string {
  return x === null ? "nothing" : String(Number(x.toPrecision(4)));
}
