// The agent loop over one episode: perceive, describe, plan, parse, execute, feed back; guarded, accounted for, written down, and resumable.
import type { AsyncEnv, Step } from "../envs/index.ts";
import { OptionError, ShapeError } from "../errors.ts";
import type { ChoiceTable, Mdp } from "../mdp/index.ts";
import type { Seed } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import { type Asking, ask } from "./ask.ts";
import { Budget, type Budgets } from "./budget.ts";
import { surpriseIn } from "./check-plan.ts";
import { Episode } from "./episode.ts";
import type { Moment, StepExplanation } from "./explain-step.ts";
import type { MemoryOptions } from "./memory.ts";
import { type Offer, offersOf } from "./offer.ts";
import { type Ended, outside } from "./outside.ts";
import { type AgentParts, type FullParts, fullParts } from "./parts.ts";
import { checkBeforehand, PlanInHand, type PlanOptions, type PlanRules } from "./plan-in-hand.ts";
import { takeStepsAgain } from "./resume.ts";
import { settle } from "./settle.ts";
import type { Shield } from "./shield.ts";
import { stepRecord } from "./step-record.ts";
import { type LearnWhileActing, TabularLearner } from "./tabular-learner.ts";
import { type Tool, ToolBox, type ToolLimits } from "./tools.ts";
import type { AgentStatus, Trace, TraceCall, TraceHeader, TraceRecord, TraceStep, UnfinishedStep } from "./trace.ts";

/** The parts of the workflow, and what surrounds them. */
export interface AgentOptions<S, A, P = string> extends AgentParts<NoInfer<S>, NoInfer<A>, P> {
  readonly env: AsyncEnv<S, A>;
  /** What the agent takes for true: plans are checked against it, and steps that it says cannot happen are noted. */
  readonly model?: Mdp<NoInfer<S>, NoInfer<A>> | undefined;
  /** Takes plans of several steps. Left out: one action at a time. */
  readonly plans?: PlanOptions | undefined;
  readonly memory?: MemoryOptions | undefined;
  readonly budgets?: Budgets | undefined;
  readonly shield?: Shield<NoInfer<S>, NoInfer<A>> | undefined;
  readonly tools?: readonly Tool<NoInfer<S>, NoInfer<A>>[] | undefined;
  readonly toolLimits?: ToolLimits | undefined;
  /** Explains each step in the trace, before it is taken: `(moment) => explainStep(best, moment)`. */
  readonly explain?: ((moment: Moment<NoInfer<S>, NoInfer<A>>) => StepExplanation) | undefined;
  /** How often a step is asked again after an answer that is no action. Default 2. */
  readonly reasks?: number | undefined;
  /** Answers in text longer than this are unusable, and cut in the trace. Default 4,000. */
  readonly answerCharacters?: number | undefined;
  /** Learns Q from every transition; learned values then decide ties and fallbacks. A learner given here goes on with its own table. */
  readonly learn?: LearnWhileActing<NoInfer<S>, NoInfer<A>> | TabularLearner<NoInfer<S>, NoInfer<A>> | undefined;
  /** Names the environment's random numbers. */
  readonly seed?: Seed | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Goes on with an earlier run: its steps are taken again and have to come out the same; what it spent counts. Its seed is used. */
  readonly resume?: Trace | undefined;
  /** Called after each new step and awaited, for rendering. */
  readonly onStep?: ((step: TraceStep) => void | Promise<void>) | undefined;
  /** Called with every record of the trace as it is made and awaited: what is written by it is whole up to there, whatever happens after. */
  readonly onRecord?: ((record: TraceRecord) => void | Promise<void>) | undefined;
}

export interface AgentResult<S, A> {
  readonly status: AgentStatus;
  readonly totalReward: number;
  readonly steps: number;
  readonly trace: Trace;
  /** The learned table, with `learn`. */
  readonly q: ChoiceTable<S, A> | undefined;
  /** What was thrown, where the status is `planner-failed` or `environment-failed`. */
  readonly error: unknown;
}

/**
 * Runs one episode.
 *
 * @remarks An answer that is no action, and a plan that the model declares impossible, is asked again at most `reasks` times; then the fallback is taken: of the
 *   actions that the shield allows, the shield's safest, else the one learned best, else the first. A blocked action is reported in the trace and in
 *   the feedback and replaced in the same way. A plan is followed while each step leads to where it most probably does, and made anew where not.
 *   Whatever ends the run, a budget, the signal, a planner or environment that throws, it ends with a status and a whole trace, from which `resume` goes on.
 * @throws OptionError; ShapeError for a model of another size; EnvProtocolError where a trace to resume does not come out again; what feedback, explain,
 *   onStep and onRecord throw. What planner, perceive, describe, execute and environment throw is in the result.
 * @example
 * const result = await runAgent({
 *   env: toEnv(maze), planner: policyPlanner(best.policy), budgets: { steps: 20 },
 *   onStep: (step) => console.log(step.stateName, step.action, step.reward),
 * });
 * result.status; // "terminated"
 */
export async function runAgent<S, A, P = string>(options: AgentOptions<S, A, P>): Promise<AgentResult<S, A>> {
  return new AgentRun(options).play();
}

/** One run: what is fixed for it, where it stands, and its books. */
class AgentRun<S, A, P> {
  readonly #options: AgentOptions<S, A, P>;
  readonly #env: AsyncEnv<S, A>;
  readonly #parts: FullParts<S, A>;
  readonly #asking: Asking<S, A>;
  readonly #rules: PlanRules<S, A>;
  readonly #episode: Episode<S, A>;
  readonly #pacer: Pacer;
  readonly #actionNames: readonly string[];
  #hand: PlanInHand<S, A> | undefined;

  constructor(options: AgentOptions<S, A, P>) {
    const { env, model, plans = {}, reasks = 2, answerCharacters = 4000, shield, signal, resume } = options;
    if (!(Number.isInteger(reasks) && reasks >= 0)) throw new OptionError("reasks", reasks, "an integer of at least 0");
    if (!(answerCharacters >= 1)) throw new OptionError("answerCharacters", answerCharacters, "a number of at least 1");
    const { most = 16, replan = "deviation" } = plans;
    if (!(Number.isInteger(most) && most >= 1)) throw new OptionError("plans.most", most, "a positive integer");
    if (model !== undefined && (model.stateCount !== env.states.size || model.actionCount !== env.actions.size))
      throw new ShapeError(
        `model has ${model.stateCount} states and ${model.actionCount} actions, expected the environment's ${env.states.size} and ${env.actions.size}.`,
      );
    this.#options = options;
    this.#env = env;
    this.#parts = fullParts<S, A, P>(options, env);
    this.#pacer = new Pacer({ signal });
    this.#actionNames = Array.from({ length: env.actions.size }, (_, a) => env.actions.name(a));
    this.#rules = { most, replan, model, shield };
    const { learn } = options;
    const learner = learn === undefined || learn instanceof TabularLearner ? learn : new TabularLearner(env, learn);
    const budget = new Budget(options.budgets, resume?.end.spent);
    this.#episode = new Episode({ budget, memory: options.memory, learner, onRecord: options.onRecord });
    const { planner, task, compose, parse } = this.#parts;
    const names = { actions: this.#actionNames, state: (name: string) => stateNamed(env, name), most };
    const asked = { names, check: (state: number, plan: Parameters<typeof checkBeforehand>[2]) => checkBeforehand(this.#rules, state, plan) };
    const tools = new ToolBox(options.tools ?? [], options.toolLimits);
    this.#asking = { planner, tools, budget, reasks, answerCharacters, task, compose, parse, plans: options.plans === undefined ? undefined : asked, signal };
  }

  async play(): Promise<AgentResult<S, A>> {
    let { at, ended } = await this.#begin();
    let unfinished: UnfinishedStep | undefined;
    while (ended === undefined) {
      const status = at.terminated ? "terminated" : at.truncated ? "truncated" : this.#pacer.aborted ? "aborted" : this.#episode.budget.beforeStep();
      if (status !== undefined) {
        ended = { status };
        break;
      }
      const step = await this.#step(at.state);
      if ("ended" in step) ({ ended, unfinished } = step);
      else at = step.at;
      if (this.#pacer.due) await this.#pacer.giveWay();
    }
    const trace = await this.#episode.finish(ended, unfinished);
    return {
      status: ended.status,
      totalReward: this.#episode.totalReward,
      steps: this.#episode.steps.length,
      trace,
      q: this.#episode.learner?.q,
      error: ended.error,
    };
  }

  /** Reset, the header, and the steps of a run that is resumed. */
  async #begin(): Promise<{ at: Step; ended: Ended | undefined }> {
    const { resume, shield } = this.#options;
    const seed = resume === undefined ? this.#options.seed : resume.header.seed;
    const begun = await outside(() => this.#env.reset(seed === undefined ? {} : { seed }), "environment-failed", this.#limits);
    const at: Step = "status" in begun ? { state: -1, reward: 0, terminated: false, truncated: false } : { ...begun.value };
    const header: TraceHeader = {
      format: "mdpkit-trace",
      version: 1,
      planner: this.#parts.planner.name,
      ...(shield === undefined ? {} : { shield: shield.name }),
      ...(seed === undefined ? {} : { seed }),
      start: at.state,
      ...(resume === undefined ? {} : { resumed: resume.steps.length }),
    };
    await this.#episode.begin(header);
    if ("status" in begun) return { at, ended: begun };
    shield?.begin?.(this.#env.states.at(at.state));
    return { at: resume === undefined ? at : await takeStepsAgain(this.#env, resume, at, this.#episode, shield), ended: undefined };
  }

  /** One step from a state: what it led to, or why there is none. */
  async #step(index: number): Promise<{ at: Step } | { ended: Ended; unfinished: UnfinishedStep }> {
    const { count } = this.#episode;
    const state = this.#env.states.at(index);
    const offers = offersOf(this.#env, index, this.#episode.learner);
    const seen = await outside(() => this.#parts.observe(state, index), "environment-failed", this.#limits);
    if ("status" in seen) return { ended: seen, unfinished: { state: index, observation: "", calls: [] } };
    const observation = seen.value;
    const { wanted, ranking, calls, replanned, ended } = await this.#decide(state, index, observation, offers);
    if (ended !== undefined) return { ended, unfinished: { state: index, observation, calls } };
    const { taken, decision } = settle({ state, offers, wanted, ranking, shield: this.#options.shield });
    if (decision !== undefined) {
      count.blocked++;
      this.#hand = undefined;
    }
    const shielded = decision === undefined ? {} : { shield: decision };
    if (taken === undefined) return { ended: { status: "no-safe-action" }, unfinished: { state: index, observation, calls, ...shielded } };
    if (wanted === undefined) count.fallbacks++;
    const explanation = this.#options.explain?.({
      state,
      taken: taken.action,
      wanted: wanted?.action,
      scores: calls.at(-1)?.scores,
      planner: this.#parts.planner.name,
      shield: this.#options.shield,
    });
    const outcome = await outside(() => this.#parts.execute(taken.index), "environment-failed", this.#limits);
    if ("status" in outcome) return { ended: outcome, unfinished: { state: index, observation, calls, ...shielded, action: taken.name } };
    const at = { ...outcome.value };
    this.#episode.budget.stepped();
    this.#options.shield?.took?.(state, taken.action, this.#env.states.at(at.state));
    const { model } = this.#rules;
    const record = stepRecord(this.#env.states, this.#parts.feedback, {
      ...{ step: this.#episode.steps.length, state: index, observation, offers, calls, wanted, taken, decision, at, replanned },
      explanation,
      plan: this.#hand?.record,
      surprise: model === undefined ? undefined : surpriseIn(model, index, taken.index, at.state, at.terminated),
    });
    this.#hand?.took();
    await this.#episode.add(record, taken.choice);
    await this.#options.onStep?.(record);
    return { at };
  }

  /** What is wanted here: the next step of the plan in hand, or else the planner's answer. */
  async #decide(state: S, index: number, observation: string, offers: readonly Offer<A>[]): Promise<Decision<A>> {
    const { count, memory } = this.#episode;
    let replanned: string | undefined;
    if (this.#hand !== undefined && !this.#hand.over) {
      const next = this.#hand.next(index, state, offers);
      if ("offer" in next) return { wanted: next.offer, ranking: undefined, calls: [], replanned: undefined, ended: undefined };
      replanned = next.reason;
      count.replans++;
    }
    this.#hand = undefined;
    const answered = await ask(this.#asking, { state, index, observation, offers, history: memory.turns });
    count.unparsable += answered.unparsable;
    count.impossible += answered.impossible;
    if (answered.plan !== undefined) {
      const { plan, check } = answered.plan;
      const reach = plan.reach === undefined ? undefined : this.#env.states.name(plan.reach);
      this.#hand = new PlanInHand(this.#rules, plan, check, this.#actionNames, reach);
    }
    return { ...answered, replanned };
  }

  get #limits(): { readonly signal: AbortSignal | undefined; readonly milliseconds: number } {
    return { signal: this.#options.signal, milliseconds: this.#episode.budget.millisecondsLeft };
  }
}

interface Decision<A> {
  readonly wanted: Offer<A> | undefined;
  readonly ranking: readonly Offer<A>[] | undefined;
  readonly calls: readonly TraceCall[];
  readonly replanned: string | undefined;
  readonly ended: Ended | undefined;
}

function stateNamed<S, A>(env: AsyncEnv<S, A>, name: string): number | undefined {
  for (let s = 0; s < env.states.size; s++) if (env.states.name(s) === name) return s;
  return undefined;
}
