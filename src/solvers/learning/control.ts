// From options to a learner of Q and from its tables to a result: the part all control methods share.

import type { Env } from "../../envs/env.ts";
import { OptionError, ShapeError } from "../../errors.ts";
import { ChoiceTable, type Objective, StateTable } from "../../mdp/index.ts";
import { type Explorer, epsilonGreedy, greedyPolicy } from "../../policies/index.ts";
import { type Agent, Clock } from "./agent.ts";
import type { QLearningRun } from "./compiled/compile-q-learning.ts";
import type { CompiledQLearning } from "./compiled/compiled-q-learning.ts";
import { GatedAgent } from "./gated-agent.ts";
import { learnerRng } from "./learner-state.ts";
import { learningRate } from "./learning-rate.ts";
import { runLoop } from "./loop.ts";
import { Memory } from "./memory.ts";
import { type LearnOptions, type LearnResult, objectiveOf, requireDiscount } from "./options.ts";
import { PriorGate } from "./prior-gate.ts";
import { priorSeed } from "./prior-seed.ts";

/** What a method's agent is made of. */
export interface AgentContext {
  readonly memory: Memory;
  readonly explore: Explorer;
}

/**
 * Learns Q with the agent that `make` answers.
 *
 * @throws OptionError, ShapeError, PriorError for options that do not fit, before the first step.
 */
export async function learnControl<S, A>(
  env: Env<S, A>,
  method: string,
  options: LearnOptions<S, A>,
  make: (context: AgentContext) => Agent,
  compile?: (env: Env<S, A>, run: QLearningRun) => CompiledQLearning<S, A> | undefined,
): Promise<LearnResult<S, A>> {
  const discount = requireDiscount(env, options.discount);
  const objective = objectiveOf(env, options.objective);
  const sign = objective === "minimize" ? -1 : 1;
  const clock = new Clock();
  const own = options.explore ?? epsilonGreedy(0.1);
  const gate = options.gate === undefined ? undefined : new PriorGate(env, options.gate, { discount, objective, clock, own });
  const explore = gate?.explore ?? own;
  const rng = learnerRng(options);
  const rate = learningRate(options.learningRate, discount);
  const start = oriented(startingQ(env, options, discount, objective), sign);
  const compiled = compile?.(env, { explore, rate, discount, sign, q: start, steps: options.steps - (options.resume?.steps ?? 0) });
  const { q: values, visits } = compiled ?? { q: start, visits: undefined };
  const memory = new Memory({ choices: env.choices, q: values, visits, discount, explore, rate, rng, clock });
  const inner = make({ memory, explore });
  const agent = gate === undefined ? inner : new GatedAgent(inner, gate);
  const table = (): ChoiceTable<S, A> => new ChoiceTable(env.states, env.actions, env.choices, oriented(memory.q.slice(), sign));
  const snapshot = (steps: number, episodes: number) => {
    let q: ChoiceTable<S, A> | undefined;
    return {
      steps,
      episodes,
      get q() {
        q ??= table();
        return q;
      },
      get policy() {
        return greedyPolicy(this.q, { objective });
      },
    };
  };
  try {
    const { status, steps, episodes, seconds, history, state } = await runLoop(env, { method, objective, agent, clock, rng, snapshot, compiled }, options);
    const q = table();
    return {
      method,
      status,
      objective,
      discount,
      q,
      value: bestOf(q, objective),
      policy: greedyPolicy(q, { objective }),
      visits: memory.visits.slice(),
      episodes,
      steps,
      seconds,
      history,
      state,
      ...(gate === undefined ? {} : { gate: gate.report() }),
    };
  } finally {
    compiled?.release();
  }
}

/** The best q of each state, 0 where it has no choices. */
export function bestOf<S, A>(q: ChoiceTable<S, A>, objective: Objective): StateTable<S> {
  const { stateChoices } = q.choices;
  const value = new Float64Array(q.states.size);
  for (let s = 0; s < value.length; s++) {
    const row = q.array.subarray(stateChoices[s]!, stateChoices[s + 1]!);
    if (row.length > 0) value[s] = objective === "minimize" ? row.reduce((x, y) => Math.min(x, y)) : row.reduce((x, y) => Math.max(x, y));
  }
  return new StateTable(q.states, value);
}

function startingQ<S, A>(env: Env<S, A>, options: LearnOptions<S, A>, discount: number, objective: Objective): Float64Array {
  const { initialQ, prior } = options;
  if (prior !== undefined) {
    if (initialQ !== undefined)
      throw new OptionError(
        "initialQ",
        initialQ,
        "nothing beside prior, which sets it",
        "make a table of your own from priorSeed(...) and pass it as initialQ alone.",
      );
    return priorSeed(env, "policy" in prior ? prior.policy : prior, {
      discount,
      objective,
      weight: options.priorWeight,
      ceiling: options.ceiling,
    }).q.array.slice();
  }
  if (options.priorWeight !== undefined) throw new OptionError("priorWeight", options.priorWeight, "nothing unless prior is given");
  const size = env.choices.choiceAction.length;
  if (initialQ === undefined) return new Float64Array(size);
  if (typeof initialQ === "number") {
    if (!Number.isFinite(initialQ)) throw new OptionError("initialQ", initialQ, "a finite number");
    return new Float64Array(size).fill(initialQ);
  }
  if (initialQ.array.length !== size) throw new ShapeError(`initialQ has ${initialQ.array.length} entries, expected ${size}, one a choice.`);
  const bad = initialQ.array.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) throw new OptionError(`initialQ[${bad}]`, initialQ.array[bad], "a finite number");
  return initialQ.array.slice();
}

/** The table with its sign turned where the objective is to minimise, in place; never with a -0, whose sign no comparison sees. */
function oriented(q: Float64Array, sign: 1 | -1): Float64Array {
  for (let c = 0; c < q.length; c++) q[c] = sign === -1 ? 0 - q[c]! : q[c]! + 0;
  return q;
}
