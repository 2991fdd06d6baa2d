// Going on with a run that was ended: its steps are taken again, and have to come out as they did, before a new one is.
import type { AsyncEnv, Step } from "../envs/index.ts";
import { EnvProtocolError } from "../errors.ts";
import { findChoice } from "../mdp/index.ts";
import type { Episode } from "./episode.ts";
import type { Shield } from "./shield.ts";
import type { Trace, TraceStep } from "./trace.ts";

/**
 * Takes a trace's steps again, from where its episode started. No planner is asked.
 *
 * @returns the environment's answer to the last of them, or `first` where there is none.
 * @throws EnvProtocolError where the environment answers something else: it is another one, or random without a seed.
 */
export async function takeStepsAgain<S, A>(env: AsyncEnv<S, A>, trace: Trace, first: Step, episode: Episode<S, A>, shield?: Shield<S, A>): Promise<Step> {
  let at = first;
  if (at.state !== trace.header.start) throw different(`the episode starts in ${nameIn(env, at.state)}`, nameIn(env, trace.header.start));
  for (const step of trace.steps) {
    const choice = findChoice(env.choices, step.state, step.actionIndex);
    if (step.state !== at.state || choice < 0)
      throw different(`step ${step.step} begins in ${nameIn(env, at.state)}`, `${step.stateName}, where ${step.action} is offered`);
    at = { ...(await env.step(step.actionIndex)) };
    if (!sameOutcome(at, step))
      throw different(`step ${step.step} led to ${nameIn(env, at.state)} with reward ${at.reward}`, `${step.nextName} with reward ${step.reward}`);
    shield?.took?.(env.states.at(step.state), env.actions.at(step.actionIndex), env.states.at(step.next));
    await episode.add(step, choice);
  }
  Object.assign(episode.count, countsOf(trace));
  return at;
}

function sameOutcome(at: Step, step: TraceStep): boolean {
  return at.state === step.next && at.reward === step.reward && at.terminated === step.terminated && at.truncated === step.truncated;
}

function countsOf({ end }: Trace): Episode<unknown, unknown>["count"] {
  const { unparsable, fallbacks, blocked, impossible = 0, replans = 0 } = end;
  return { unparsable, fallbacks, blocked, impossible, replans };
}

function nameIn<S, A>(env: AsyncEnv<S, A>, state: number): string {
  return state >= 0 && state < env.states.size ? env.states.name(state) : "no state";
}

function different(got: string, expected: string): EnvProtocolError {
  return new EnvProtocolError(`resume: ${got}, expected ${expected} as in the trace.`, {
    hint: "the environment has to be the same, with the same seed: what follows would be another episode.",
  });
}
