// Fixture files made by the real numpy, scipy and gymnasium (scripts/make-format-fixtures.py), and models as plain data to compare.
import { readFileSync } from "node:fs";
import { MdpkitError } from "../../../src/errors.ts";
import { arrivalOf, type Mdp, rewardOf, rowOf } from "../../../src/mdp/index.ts";

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../../fixtures/formats/${name}`, import.meta.url)));
}

export function fixtureJson(name: string): unknown {
  return JSON.parse(new TextDecoder().decode(fixture(name)));
}

/** What a choice is, in a form that vitest prints well. */
export interface PlainChoice {
  readonly state: number;
  readonly action: number;
  readonly reward: number;
  /** [next, probability, reward, terminated], by next. */
  readonly branches: readonly (readonly [number, number, number, boolean])[];
}

export function plainChoices<S, A>(mdp: Mdp<S, A>): PlainChoice[] {
  const { storage } = mdp;
  const choices: PlainChoice[] = [];
  for (let s = 0; s < storage.stateCount; s++) {
    for (let c = storage.stateChoices[s]!; c < storage.stateChoices[s + 1]!; c++) {
      const branches: [number, number, number, boolean][] = [];
      const row = rowOf(storage, c);
      for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
        branches.push([arrivalOf(storage, b), storage.probability[b]!, rewardOf(storage, c, b), storage.target[b] === storage.stateCount]);
      }
      branches.sort((x, y) => x[0] - y[0] || Number(x[3]) - Number(y[3]));
      choices.push({ state: s, action: storage.choiceAction[c]!, reward: storage.reward[c]!, branches });
    }
  }
  return choices;
}

/** A model as plain data. */
export function plain<S, A>(mdp: Mdp<S, A>): unknown {
  return {
    states: [...mdp.states],
    actions: [...mdp.actions],
    objective: mdp.objective,
    discount: mdp.discount,
    initial: mdp.initial && [[...mdp.initial.state], [...mdp.initial.probability]],
    terminal: [...mdp.storage.terminal],
    choices: plainChoices(mdp),
  };
}

/** The error that `work` ends with. */
export async function errorOf(work: () => unknown): Promise<MdpkitError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof MdpkitError) return error;
    throw error;
  }
  throw new Error("expected an error, but there was none");
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
