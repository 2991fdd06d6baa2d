// Environments that learners are tested in: small models, and wrappers that record, forget or mislabel.
import type { Env } from "../../../src/envs/index.ts";
import { buildMdp, type Mdp, startAt } from "../../../src/mdp/index.ts";

/** One episode as it went: states s_0 .. s_T, choices c_0 .. c_(T-1), rewards r_1 .. r_T. */
export interface Episode {
  readonly states: number[];
  readonly choices: number[];
  readonly rewards: number[];
  terminated: boolean;
}

/** The environment, with its episodes written down in `episodes`. */
export function recording<S, A>(env: Env<S, A>, episodes: Episode[]): Env<S, A> {
  const { stateChoices, choiceAction } = env.choices;
  return {
    states: env.states,
    actions: env.actions,
    choices: env.choices,
    discount: env.discount,
    objective: env.objective,
    reset: (options) => {
      const first = env.reset(options);
      episodes.push({ states: [first.state], choices: [], rewards: [], terminated: false });
      return first;
    },
    step: (action) => {
      const episode = episodes.at(-1);
      if (episode === undefined) throw new Error("step before reset");
      const state = episode.states.at(-1) ?? -1;
      for (let c = stateChoices[state]!; c < stateChoices[state + 1]!; c++) if (choiceAction[c] === action) episode.choices.push(c);
      const step = env.step(action);
      episode.rewards.push(step.reward);
      episode.states.push(step.state);
      episode.terminated = step.terminated;
      return step;
    },
  };
}

/** The environment without `save` and `restore`, and without its model. */
export function bare<S, A>(env: Env<S, A>): Env<S, A> {
  return {
    states: env.states,
    actions: env.actions,
    choices: env.choices,
    discount: env.discount,
    reset: (options) => env.reset(options),
    step: (action) => env.step(action),
  };
}

/** The environment with truncation passed off as termination: the bug that learners must not have. */
export function mislabelled<S, A>(env: Env<S, A>): Env<S, A> {
  return {
    ...bare(env),
    step: (action) => {
      const step = env.step(action);
      return { ...step, terminated: step.terminated || step.truncated, truncated: false };
    },
  };
}

/** One state, one action, reward 1 for ever: its value is 1 / (1 - γ). */
export function forever(discount = 0.9): Mdp<number, number> {
  return buildMdp<number, number>({ states: 1, actions: 1, discount }, (_s, model) => {
    model.choice(0, 1);
    model.branch(0, 1);
  });
}

/** States 0 .. 9 walked forwards by 1 or 2 with two actions, rewards by state and branch, 10 and 11 terminal: no state is seen twice. */
export function forwards(): Mdp<number, number> {
  return buildMdp<number, number>({ states: 12, actions: 2, discount: 0.9, initial: startAt(0) }, (s, model) => {
    if (s >= 10) {
      model.terminal();
      return;
    }
    for (const a of [0, 1]) {
      model.choice(a);
      model.branch(s + 1, a === 0 ? 0.7 : 0.4, Math.sin(s + a));
      model.branch(s + 2, a === 0 ? 0.3 : 0.6, Math.cos(3 * s - a));
    }
  });
}

/** A noisy ring of six states that can be left from one of them; costs of up to 2. Actions 0 and 1 everywhere, 2 in some states. */
export function ring(): Mdp<number, number> {
  return buildMdp<number, number>({ states: 7, actions: 3, discount: 0.9, initial: startAt(0) }, (s, model) => {
    if (s === 6) {
      model.terminal();
      return;
    }
    for (const a of s % 2 === 0 ? [0, 1, 2] : [0, 1]) {
      model.choice(a, -1 - ((s * 7 + a * 3) % 5) / 5);
      const forth = s === 5 ? 6 : s + 1;
      model.branch(a === 0 ? forth : (s + 5) % 6, 0.8);
      model.branch(a === 2 ? (s + 3) % 6 : s, 0.2);
    }
  });
}
