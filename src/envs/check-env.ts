// Whether an environment keeps the protocol: driven with random actions, looked at from outside.
import { EnvProtocolError, type ModelIssue, OptionError } from "../errors.ts";
import { CompensatedSum, Rng, type Seed } from "../numeric/index.ts";
import { checkFrequencies, type Samples, sampleKey } from "./check-frequencies.ts";
import type { Env, Step } from "./env.ts";

export interface CheckEnvOptions {
  /** Steps of each of the two runs. Default 10,000. */
  readonly steps?: number | undefined;
  /** Names the random actions and the environment's seed. Default 0. */
  readonly seed?: Seed | undefined;
}

/** Of each kind of problem this many are reported. */
const EACH = 5;
/** How many states' outcomes are added up. */
const STATES_SUMMED = 10_000;

/**
 * What is wrong with an environment; an empty list if nothing was found. The environment must be newly made: `reset` not yet called.
 *
 * @remarks Looked at: choices in range; step refused before reset, after the end and for actions not offered; flags boolean and never both set; states in range;
 *   rewards finite; no step out of a state without actions; the same seed, the same run; and where the environment answers `outcomes`: they sum to 1, none is
 *   offered for other actions, and sampled successors and rewards agree with them (chi-square and mean, at odds of less than one in a million).
 * @throws OptionError
 * @example
 * checkEnv(toEnv(robot)).map(formatIssue); // []
 */
export function checkEnv<S, A>(env: Env<S, A>, options: CheckEnvOptions = {}): ModelIssue[] {
  const steps = options.steps ?? 10_000;
  if (!(Number.isInteger(steps) && steps >= 1)) throw new OptionError("steps", steps, "a positive integer");
  const check = new EnvCheck(env, options.seed ?? 0);
  return check.all(steps);
}

/** One step of a run, as text: equal runs, equal texts. */
type Trace = string[];

class EnvCheck<S, A> {
  readonly #env: Env<S, A>;
  readonly #seed: Seed;
  readonly #problems: ModelIssue[] = [];
  readonly #kinds = new Map<string, number>();
  readonly #samples: Samples = new Map();

  constructor(env: Env<S, A>, seed: Seed) {
    this.#env = env;
    this.#seed = seed;
  }

  all(steps: number): ModelIssue[] {
    this.#choices();
    if (this.#problems.length > 0) return this.#problems;
    this.#refuses("step before reset", 0, "EnvProtocolError: reset comes first");
    const first = this.#run(steps, this.#samples);
    const second = this.#run(steps, new Map());
    const differs = first.findIndex((line, i) => line !== second[i]);
    if (differs >= 0) {
      this.#report(
        "determinism",
        `step ${differs} of a run with seed ${this.#seed}`,
        `is ${second[differs] ?? "missing"} the second time`,
        `${first[differs]} as the first time`,
        "reset({ seed }) must restart every random number.",
      );
    }
    this.#starts();
    this.#outcomes();
    for (const problem of checkFrequencies(this.#env, this.#samples)) this.#report("frequencies", problem.where, problem.got, problem.expected);
    return this.#problems;
  }

  #report(kind: string, where: string, got: string, expected: string, hint?: string): void {
    const seen = (this.#kinds.get(kind) ?? 0) + 1;
    this.#kinds.set(kind, seen);
    if (seen <= EACH) this.#problems.push(hint === undefined ? { where, got, expected } : { where, got, expected, hint });
  }

  #choices(): void {
    const { states, actions, choices } = this.#env;
    const { stateChoices, choiceAction } = choices;
    if (stateChoices.length !== states.size + 1) {
      this.#report("choices", "choices.stateChoices", `has ${stateChoices.length} entries`, `${states.size + 1}, one more than states`);
      return;
    }
    for (let s = 0; s < states.size; s++) {
      const offered = choiceAction.subarray(stateChoices[s], stateChoices[s + 1]);
      const bad = offered.find((a, k) => !(a >= 0 && a < actions.size) || offered.indexOf(a) !== k);
      if (bad !== undefined)
        this.#report("choices", `state ${states.quote(s)}`, `offers action ${bad}`, `each of its actions once, from 0 to ${actions.size - 1}`);
    }
  }

  /** A step that must throw EnvProtocolError. */
  #refuses(where: string, action: number, expected: string): void {
    try {
      const { state } = this.#env.step(action);
      this.#report(where, where, `answered state ${state}`, expected);
    } catch (error) {
      if (!(error instanceof EnvProtocolError)) this.#report(where, where, `threw ${error instanceof Error ? error.name : String(error)}`, expected);
    }
  }

  #run(steps: number, samples: Samples): Trace {
    const env = this.#env;
    const { stateChoices, choiceAction } = env.choices;
    const rng = new Rng(`check:${this.#seed}`);
    const trace: Trace = [];
    const tried = new Set<number>();
    let refusedAfterEnd = 0;
    try {
      let state = this.#reset({ seed: this.#seed }, trace);
      while (trace.length < steps && state >= 0) {
        if (!tried.has(state)) {
          tried.add(state);
          this.#refusesInfeasible(state, rng);
        }
        const from = stateChoices[state]!;
        const action = choiceAction[from + rng.below(stateChoices[state + 1]! - from)]!;
        const step = env.step(action);
        trace.push(traceOf(step));
        const next = this.#checkStep(`step(${env.actions.quote(action)}) in state ${env.states.quote(state)}`, step);
        if (next < 0) break;
        this.#record(samples, state, action, step);
        state = next;
        if (step.terminated || step.truncated) {
          if (refusedAfterEnd++ < EACH) this.#refuses("step after the end of an episode", action, "EnvProtocolError: reset comes first");
          state = this.#reset({}, trace);
        }
      }
    } catch (error) {
      this.#report(
        "throws",
        `step ${trace.length} of a random run`,
        `threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
        "a step",
      );
    }
    return trace;
  }

  /** The state a reset answers, -1 where no run can go on from it. */
  #reset(options: { readonly seed?: Seed }, trace: Trace): number {
    const step = this.#env.reset(options);
    trace.push(`reset: ${traceOf(step)}`);
    const { states, choices } = this.#env;
    if (step.terminated || step.truncated || choices.stateChoices[step.state] === choices.stateChoices[step.state + 1]) {
      const place = step.state >= 0 && step.state < states.size ? states.quote(step.state) : String(step.state);
      this.#report("reset", "reset", `starts in state ${place}, where nothing can be done`, "a state that offers actions, both flags false");
      return -1;
    }
    return this.#checkStep("reset", step);
  }

  /** Checks what a step answered; the state it entered, or -1 where that is none. */
  #checkStep(where: string, step: Step): number {
    const { states, choices } = this.#env;
    const { state, reward, terminated, truncated } = step;
    if (!(Number.isInteger(state) && state >= 0 && state < states.size)) {
      this.#report("state", where, `entered state ${state}`, `an integer from 0 to ${states.size - 1}`);
      return -1;
    }
    if (!Number.isFinite(reward)) this.#report("reward", where, `paid ${reward}`, "a finite reward");
    if (typeof terminated !== "boolean" || typeof truncated !== "boolean") {
      this.#report("flags", where, `answered terminated ${String(terminated)} and truncated ${String(truncated)}`, "two booleans");
    } else if (terminated && truncated) {
      this.#report("flags", where, "is both terminated and truncated", "at most one: an end by the model is no cut");
    } else if (!terminated && choices.stateChoices[state] === choices.stateChoices[state + 1]) {
      this.#report("dead end", where, `entered state ${states.quote(state)}, which offers no action, without terminating`, "terminated true");
      return -1;
    }
    return state;
  }

  #refusesInfeasible(state: number, rng: Rng): void {
    const { states, actions, choices } = this.#env;
    const offered = new Set(choices.choiceAction.subarray(choices.stateChoices[state], choices.stateChoices[state + 1]));
    const infeasible = Array.from({ length: actions.size }, (_, a) => a).filter((a) => !offered.has(a));
    const action = infeasible[rng.below(Math.max(1, infeasible.length))] ?? actions.size;
    this.#refuses(`step(${action}) in state ${states.quote(state)}, which does not offer it`, action, "EnvProtocolError, the state unchanged");
  }

  #record(samples: Samples, state: number, action: number, step: Step): void {
    if (this.#env.outcomes === undefined) return;
    const choice = state * this.#env.actions.size + action;
    const sample = samples.get(choice) ?? { count: 0, reward: 0, squares: 0, arrivals: new Map<string, number>() };
    samples.set(choice, sample);
    const key = sampleKey(step.state, step.terminated);
    sample.count++;
    sample.reward += step.reward;
    sample.squares += step.reward * step.reward;
    sample.arrivals.set(key, (sample.arrivals.get(key) ?? 0) + 1);
  }

  #starts(): void {
    const { starts, states } = this.#env;
    if (starts === undefined) return;
    const total = new CompensatedSum();
    for (const [state, probability] of starts) {
      if (!(state >= 0 && state < states.size && probability >= 0))
        this.#report("starts", "starts", `has [${state}, ${probability}]`, "a state and its probability");
      total.add(probability);
    }
    if (!(Math.abs(total.value - 1) <= 1e-9)) this.#report("starts", "starts", `sums to ${total.value}`, "1 within 1e-9");
  }

  /** Outcomes of each choice are distributions; of an action not offered there are none. */
  #outcomes(): void {
    const env = this.#env;
    if (env.outcomes === undefined) return;
    const total = new CompensatedSum();
    for (let s = 0; s < Math.min(env.states.size, STATES_SUMMED); s++) {
      const offered = new Set(env.choices.choiceAction.subarray(env.choices.stateChoices[s], env.choices.stateChoices[s + 1]));
      for (let a = 0; a < env.actions.size; a++) {
        const where = `outcomes(${env.states.quote(s)},${env.actions.quote(a)})`;
        const outcomes = env.outcomes(s, a);
        if (!offered.has(a)) {
          if (outcomes.length > 0) this.#report("infeasible", where, `has ${outcomes.length} entries`, "none: the state does not offer that action");
          continue;
        }
        total.reset();
        for (const { probability, next, reward } of outcomes) {
          if (!(probability >= 0 && next >= 0 && next < env.states.size && Number.isFinite(reward))) {
            this.#report(
              "outcome",
              where,
              `has next ${next} with probability ${probability} and reward ${reward}`,
              "a state, a probability and a finite reward",
            );
          }
          total.add(probability);
        }
        if (!(Math.abs(total.value - 1) <= 1e-9)) this.#report("sum", where, `sums to ${total.value}`, "1 within 1e-9");
      }
    }
  }
}

function traceOf(step: Step): string {
  return `state ${step.state}, reward ${step.reward}${step.terminated ? ", terminated" : ""}${step.truncated ? ", truncated" : ""}`;
}
