// What steps have told about a model: counts and rewards of each choice's outcomes, models drawn from them, and a cautious one to report.
import type { Env } from "../../../envs/env.ts";
import { FormatError } from "../../../errors.ts";
import { Mdp, MdpBuilder } from "../../../mdp/index.ts";
import type { Rng } from "../../../numeric/index.ts";
import type { AgentState } from "../agent.ts";
import type { ReturnBounds } from "../return-bounds.ts";
import { loadList } from "../saved.ts";
import { gamma, normal } from "./gamma.ts";

/** One way a choice has gone. */
interface SeenOutcome {
  readonly next: number;
  /** The episode ended although `next` has choices. */
  readonly ends: boolean;
  count: number;
  /** Of its rewards, oriented: larger is better. */
  mean: number;
  /** The sum of squared distances from the mean (Welford). */
  squares: number;
}

export interface PosteriorParts {
  readonly discount: number;
  /** Of the oriented return. */
  readonly bounds: ReturnBounds;
  /** α0 > 0: what counts as the visits of an outcome that was never seen. */
  readonly concentration: number;
}

/** A posterior over models. Its models maximise oriented rewards. */
export class ModelPosterior<S, A> {
  /** C counts, in the environment's order of choices. */
  readonly visits: Float64Array;
  private readonly env: Env<S, A>;
  private readonly parts: PosteriorParts;
  /** By choice, then by successor. */
  private readonly seen: readonly Map<number, SeenOutcome>[];
  /** The environment's choices in the order that models have: by action within a state. */
  private readonly order: Int32Array;

  constructor(env: Env<S, A>, parts: PosteriorParts) {
    const { stateChoices, choiceAction } = env.choices;
    this.env = env;
    this.parts = parts;
    this.visits = new Float64Array(choiceAction.length);
    this.seen = Array.from(choiceAction, () => new Map());
    this.order = Int32Array.from(choiceAction, (_, c) => c);
    for (let s = 0; s < env.states.size; s++) {
      this.order.subarray(stateChoices[s]!, stateChoices[s + 1]!).sort((a, b) => choiceAction[a]! - choiceAction[b]!);
    }
  }

  /** The environment's choice that choice `c` of a model stands for. */
  choiceOf(c: number): number {
    return this.order[c]!;
  }

  /** A step was made. */
  observe(choice: number, reward: number, next: number, terminated: boolean): void {
    const ends = terminated && this.hasChoices(next);
    const seen = this.seen[choice]!;
    const key = ends ? ~next : next;
    const outcome = seen.get(key) ?? { next, ends, count: 0, mean: 0, squares: 0 };
    seen.set(key, outcome);
    this.visits[choice]!++;
    outcome.count++;
    const error = reward - outcome.mean;
    outcome.mean += error / outcome.count;
    outcome.squares += error * (reward - outcome.mean);
  }

  /**
   * A model from the posterior: probabilities Dirichlet distributed by the counts, with `concentration` for an outcome never seen, which ends the episode and is worth
   * the most that a return can be; the mean reward of an outcome normal around its average, by its standard error.
   *
   * @param bonus what each choice pays beside its reward, in the environment's order; what advice is worth.
   */
  sample(rng: Rng, bonus: (choice: number) => number): Mdp<S, A> {
    const { concentration, bounds } = this.parts;
    return this.build((choice, state, emit) => {
      const seen = [...this.seen[choice]!.values()];
      const masses = seen.map(({ count }) => gamma(count, rng));
      // Alone it is certain; drawn, a small one could be 0.
      const unseen = seen.length === 0 ? 1 : gamma(concentration, rng);
      const total = masses.reduce((sum, mass) => sum + mass, unseen);
      let reward = (unseen / total) * bounds[1];
      for (const [i, { mean, squares, count }] of seen.entries()) {
        const error = count > 1 ? Math.sqrt(squares / (count * (count - 1))) : 0;
        reward += (masses[i]! / total) * (error === 0 ? mean : mean + error * normal(rng));
      }
      emit(reward + bonus(choice), [
        ...seen.map(({ next, ends }, i) => ({ next, ends, probability: masses[i]! / total })),
        { next: state, ends: true, probability: unseen / total },
      ]);
    });
  }

  /**
   * The model to report: relative frequencies and average rewards, an outcome never seen counting `concentration` here too, but worth the least that a return can be.
   * A choice that was lucky once is no match for one that has shown what it is worth.
   */
  cautious(): Mdp<S, A> {
    const { concentration, bounds } = this.parts;
    return this.build((choice, state, emit) => {
      const total = this.visits[choice]! + concentration;
      const seen = [...this.seen[choice]!.values()];
      const unseen = concentration / total;
      emit(
        seen.reduce((sum, { mean, count }) => sum + (count / total) * mean, unseen * bounds[0]),
        [...seen.map(({ next, ends, count }) => ({ next, ends, probability: count / total })), { next: state, ends: true, probability: unseen }],
      );
    });
  }

  save(): AgentState {
    const rows = this.seen.flatMap((seen, choice) => Array.from(seen.values(), (outcome) => ({ choice, ...outcome })));
    return {
      choice: rows.map(({ choice }) => choice),
      next: rows.map(({ next }) => next),
      ends: rows.map(({ ends }) => (ends ? 1 : 0)),
      count: rows.map(({ count }) => count),
      mean: rows.map(({ mean }) => mean + 0),
      squares: rows.map(({ squares }) => squares + 0),
    };
  }

  /** @throws FormatError for what another method or model saved. */
  load(saved: AgentState): void {
    const list = (name: string): readonly number[] => loadList(saved, name);
    const [next, ends, count, mean, squares] = [list("next"), list("ends"), list("count"), list("mean"), list("squares")];
    for (const [i, choice] of list("choice").entries()) {
      const outcome = { next: next[i]!, ends: ends[i] === 1, count: count[i]!, mean: mean[i]!, squares: squares[i]! };
      const seen = this.seen[choice];
      const fits = outcome.next >= 0 && outcome.next < this.env.states.size && outcome.count >= 1 && outcome.squares >= 0 && Number.isFinite(outcome.mean);
      if (seen === undefined || !fits) {
        throw new FormatError(
          `resume.agent says that choice ${choice} led to state ${outcome.next} ${outcome.count} times, expected what this environment allows.`,
          {
            hint: "resume with the environment the state was learned in.",
          },
        );
      }
      seen.set(outcome.ends ? ~outcome.next : outcome.next, outcome);
      this.visits[choice]! += outcome.count;
    }
  }

  private hasChoices(state: number): boolean {
    const { stateChoices } = this.env.choices;
    return stateChoices[state]! < stateChoices[state + 1]!;
  }

  private build(describe: (choice: number, state: number, emit: (reward: number, branches: readonly DrawnBranch[]) => void) => void): Mdp<S, A> {
    const { states, actions, choices } = this.env;
    const builder = new MdpBuilder(states, actions);
    for (let s = 0; s < states.size; s++) {
      builder.state();
      if (!this.hasChoices(s)) builder.terminal();
      for (let k = choices.stateChoices[s]!; k < choices.stateChoices[s + 1]!; k++) {
        const choice = this.order[k]!;
        describe(choice, s, (reward, branches) => {
          builder.choice(choices.choiceAction[choice]!, reward);
          for (const { next, ends, probability } of branches) builder.branch(next, probability, Number.NaN, ends);
        });
      }
    }
    return new Mdp({ states, actions, storage: builder.finish(), discount: this.parts.discount, objective: "maximize" });
  }
}

interface DrawnBranch {
  readonly next: number;
  readonly ends: boolean;
  readonly probability: number;
}
