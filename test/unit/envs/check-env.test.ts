// checkEnv: silent on every built-in, and naming each way an environment can break the protocol.
import { describe, expect, test } from "vitest";
import { builtIns, checkEnv, type Env, makeBuiltIn, type Outcome, type Step, toEnv } from "../../../src/envs/index.ts";
import { formatIssue, OptionError } from "../../../src/errors.ts";
import type { Seed } from "../../../src/numeric/index.ts";
import { sparseModel } from "./models.ts";

/** An environment that passes everything on to a good one, for tests to break one thing of. */
class Relay implements Env<number, number> {
  readonly inner = toEnv(sparseModel(), { maxSteps: 50 });
  readonly states = this.inner.states;
  readonly actions = this.inner.actions;
  readonly choices = this.inner.choices;
  readonly discount = 0.9;
  get starts(): readonly (readonly [number, number])[] {
    return this.inner.starts;
  }
  reset(options?: { readonly seed?: Seed }): Step {
    return this.inner.reset(options);
  }
  step(action: number): Step {
    return this.inner.step(action);
  }
  outcomes(state: number, action: number): readonly Outcome[] {
    return this.inner.outcomes(state, action);
  }
}

function lines(env: Env<number, number>, steps = 3000): string {
  return checkEnv(env, { steps }).map(formatIssue).join("\n");
}

describe("good environments", () => {
  test.each(builtIns.map(({ name }) => name))("%s", (name) => {
    const builtIn = makeBuiltIn(name);
    expect(checkEnv(toEnv(builtIn.mdp, { maxSteps: builtIn.maxSteps ?? 100 }), { steps: 3000 })).toEqual([]);
  });

  test("the relay, with twenty seeds", () => {
    for (let seed = 0; seed < 20; seed++) expect(checkEnv(new Relay(), { steps: 2000, seed })).toEqual([]);
  });
});

describe("broken environments", () => {
  const broken: readonly (readonly [string, RegExp, () => Env<number, number>])[] = [
    [
      "steps before reset",
      /step before reset answered state/,
      () => {
        const env = new Relay();
        env.reset();
        return env;
      },
    ],
    [
      "goes on after the end",
      /step after the end of an episode answered state/,
      () =>
        new (class extends Relay {
          #ended = false;
          override step(action: number): Step {
            if (this.#ended) return { state: 0, reward: 0, terminated: false, truncated: false };
            const step = super.step(action);
            this.#ended = step.terminated || step.truncated;
            return step;
          }
          override reset(options?: { readonly seed?: Seed }): Step {
            this.#ended = false;
            return super.reset(options);
          }
        })(),
    ],
    [
      "takes infeasible actions",
      /does not offer it answered state/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            try {
              return super.step(action);
            } catch {
              return { state: 0, reward: 0, terminated: false, truncated: false };
            }
          }
        })(),
    ],
    [
      "throws another error",
      /threw TypeError, expected EnvProtocolError/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            try {
              return super.step(action);
            } catch {
              throw new TypeError("what?");
            }
          }
        })(),
    ],
    [
      "numbers for flags",
      /answered terminated 0 and truncated false, expected two booleans/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            const step = super.step(action);
            return step.terminated ? step : { ...step, terminated: JSON.parse("0") as boolean };
          }
        })(),
    ],
    [
      "both flags",
      /both terminated and truncated/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            const step = super.step(action);
            return { ...step, truncated: step.terminated || step.truncated };
          }
        })(),
    ],
    [
      "a state out of range",
      /entered state 3, expected an integer from 0 to 2/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            const step = super.step(action);
            return step.terminated ? { ...step, state: 3 } : step;
          }
        })(),
    ],
    [
      "an infinite reward",
      /paid Infinity, expected a finite reward/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            const step = super.step(action);
            return { ...step, reward: step.reward === 7 ? Infinity : step.reward };
          }
        })(),
    ],
    [
      "a dead end",
      /offers no action, without terminating/,
      () =>
        new (class extends Relay {
          override step(action: number): Step {
            const step = super.step(action);
            return { ...step, terminated: step.terminated && step.state !== 2 };
          }
        })(),
    ],
    [
      "a seed ignored",
      /a run with seed 0 is .* the second time/,
      () =>
        new (class extends Relay {
          override reset(options?: { readonly seed?: Seed }): Step {
            return super.reset(options?.seed === undefined ? {} : { seed: `${options.seed}${this.#runs++}` });
          }
          #runs = 0;
        })(),
    ],
    [
      "starts in a terminal state",
      /reset starts in state 2, where nothing can be done/,
      () =>
        new (class extends Relay {
          override reset(): Step {
            return { state: 2, reward: 0, terminated: false, truncated: false };
          }
        })(),
    ],
    [
      "starts that do not sum",
      /starts sums to 0.5, expected 1/,
      () =>
        new (class extends Relay {
          override get starts(): readonly (readonly [number, number])[] {
            return [[0, 0.5]];
          }
        })(),
    ],
    [
      "outcomes that do not sum",
      /outcomes\(0,0\) sums to 0.5, expected 1/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            return super.outcomes(state, action).slice(state === 0 && action === 0 ? 2 : 0);
          }
        })(),
    ],
    [
      "outcomes of infeasible actions",
      /outcomes\(2,0\) has 1 entries, expected none/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            return state === 2 ? [{ next: 2, probability: 1, reward: 0, terminated: true }] : super.outcomes(state, action);
          }
        })(),
    ],
    [
      "wrong probabilities",
      /step\(0\) in state 0 has a chi-square of/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            const outcomes = super.outcomes(state, action);
            return state === 0 && action === 0 ? outcomes.map((o, k) => ({ ...o, probability: [0.4, 0.2, 0.4][k]! })) : outcomes;
          }
        })(),
    ],
    [
      "a branch called nearly impossible",
      /step\(0\) in state 0 has a chi-square of/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            const outcomes = super.outcomes(state, action);
            return state === 0 && action === 0 ? outcomes.map((o, k) => ({ ...o, probability: [1e-6, 1e-6, 1 - 2e-6][k]! })) : outcomes;
          }
        })(),
    ],
    [
      "a successor not among the outcomes",
      /step\(2\) in state 0 entered state 1, expected one of its outcomes/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            return super.outcomes(state, action).map((o) => (action === 2 ? { ...o, next: 0 } : o));
          }
        })(),
    ],
    [
      "wrong rewards",
      /step\(2\) in state 0 pays -1 on average over \d+ samples, expected about -1.5/,
      () =>
        new (class extends Relay {
          override outcomes(state: number, action: number): readonly Outcome[] {
            return super.outcomes(state, action).map((o) => (action === 2 ? { ...o, reward: -1.5 } : o));
          }
        })(),
    ],
    [
      "choices of another size",
      /choices.stateChoices has 3 entries, expected 4/,
      () => {
        const env = new Relay();
        return Object.assign(env, { choices: { ...env.choices, stateChoices: env.choices.stateChoices.slice(1) } });
      },
    ],
  ];

  test.each(broken)("%s", (_, message, make) => {
    expect(lines(make())).toMatch(message);
  });
});

test("of one kind of problem five are reported, not thousands", () => {
  const env = new Relay();
  const paid = Object.assign(env, { step: (action: number) => ({ ...env.inner.step(action), reward: Number.NaN }) });
  expect(checkEnv(paid, { steps: 1000 }).filter((p) => p.got === "paid NaN")).toHaveLength(5);
});

test("steps must be a positive integer", () => {
  expect(() => checkEnv(new Relay(), { steps: 0 })).toThrow(OptionError);
});
