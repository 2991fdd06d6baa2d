// Tables over a model's choices, dense in files and by choice in memory; and whether a file's labels are the model's.
import { describeValue } from "../errors.ts";
import type { ChoiceIndex, LabelIndex } from "../mdp/index.ts";
import type { IssueList } from "../mdp/issues.ts";
import { placeOf } from "../mdp/issues.ts";

/** What a table needs of its model; a `PolicySpace` is one. */
export interface TableSpace<S, A> {
  readonly states: LabelIndex<S>;
  readonly actions: LabelIndex<A>;
  readonly choices: ChoiceIndex;
}

/** Dense S x A numbers of a table by choice, `fill` where infeasible. */
export function denseOf<S, A>(space: TableSpace<S, A>, byChoice: ArrayLike<number>, fill: number): Float64Array {
  const { stateChoices, choiceAction } = space.choices;
  const width = space.actions.size;
  const dense = new Float64Array(space.states.size * width).fill(fill);
  for (let s = 0; s < space.states.size; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) dense[s * width + choiceAction[c]!] = byChoice[c]!;
  }
  return dense;
}

/** Rows of numbers, one an action: null where infeasible. */
export function* choiceRows<S, A>(space: TableSpace<S, A>, byChoice: ArrayLike<number>, fill: number | null = null): Generator<(number | null)[]> {
  const { stateChoices, choiceAction } = space.choices;
  for (let s = 0; s < space.states.size; s++) {
    const row = new Array<number | null>(space.actions.size).fill(fill);
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) row[choiceAction[c]!] = byChoice[c]!;
    yield row;
  }
}

/** Rows of probabilities, one an action, 0 where infeasible; null for a terminal state. */
export function* probabilityRows<S, A>(space: TableSpace<S, A>, byChoice: ArrayLike<number>): Generator<(number | null)[] | null> {
  let s = 0;
  for (const row of choiceRows(space, byChoice, 0)) yield isTerminal(space, s++) ? null : row;
}

/** What is known of a table's shape; `absent` flags rows that are null as a whole. */
export interface TableShape {
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly absent?: Uint8Array | undefined;
}

/** Finds labels as files name them: by themselves, or by their names. Answers -1 where there is none. */
export function labelFinder<T>(labels: LabelIndex<T>): (label: unknown) => number {
  const index = new Map<unknown, number>();
  for (let i = 0; i < labels.size; i++) index.set(labels.name(i), i);
  for (let i = 0; i < labels.size; i++) index.set(labels.at(i), i);
  return (label) => index.get(label) ?? -1;
}

/** The choice of an action in a state, or -1 where it is infeasible. */
export function choiceAt<S, A>(space: TableSpace<S, A>, state: number, action: number): number {
  const { stateChoices, choiceAction } = space.choices;
  for (let c = stateChoices[state]!; c < stateChoices[state + 1]!; c++) if (choiceAction[c] === action) return c;
  return -1;
}

export function isTerminal<S, A>(space: TableSpace<S, A>, state: number): boolean {
  return space.choices.stateChoices[state] === space.choices.stateChoices[state + 1];
}

/** A table by choice from dense numbers; `misplaced` is called for numbers at infeasible places, `missing` for choices without one. */
export function byChoiceOf<S, A>(
  space: TableSpace<S, A>,
  dense: Float64Array,
  report: { readonly missing: (place: string) => void; readonly misplaced: (place: string, number: number) => void },
): Float64Array {
  const { stateChoices, choiceAction } = space.choices;
  const width = space.actions.size;
  const byChoice = new Float64Array(choiceAction.length);
  const feasible = new Int32Array(width).fill(-1);
  for (let s = 0; s < space.states.size; s++) {
    for (let c = stateChoices[s]!; c < stateChoices[s + 1]!; c++) {
      const a = choiceAction[c]!;
      feasible[a] = s;
      byChoice[c] = dense[s * width + a]!;
      if (Number.isNaN(byChoice[c]!)) report.missing(placeOf(space.states, space.actions, s, a));
    }
    for (let a = 0; a < width; a++) {
      const number = dense[s * width + a]!;
      if (feasible[a] !== s && !Number.isNaN(number)) report.misplaced(placeOf(space.states, space.actions, s, a), number);
    }
  }
  return byChoice;
}

/** Checks a file's `states` or `actions`, a count or labels, against the model's. */
export function checkLabels<T>(labels: LabelIndex<T>, value: unknown, where: string, issues: IssueList): void {
  if (value === undefined) return;
  const size = Array.isArray(value) ? value.length : value;
  if (size !== labels.size) {
    issues.add(where, Array.isArray(value) ? `has ${value.length} entries` : `is ${describeValue(value)}`, `${labels.size}, as the model has`);
    return;
  }
  if (!Array.isArray(value)) return;
  const given: readonly unknown[] = value;
  for (let i = 0; i < given.length; i++) {
    const label = labels.at(i);
    if (given[i] !== label && given[i] !== labels.name(i)) {
      issues.add(`${where}[${i}]`, `is ${describeValue(given[i])}`, `${labels.quote(i)}, as in the model`);
    }
  }
}

/** Whether a table has a row a state and a column an action; if not, that is an issue. A table of nothing but null rows fits any number of columns. */
export function checkTableShape<S, A>(space: TableSpace<S, A>, table: TableShape, where: string, issues: IssueList): boolean {
  const { rows, absent } = table;
  const columns = absent?.every((flag) => flag === 1) === true ? space.actions.size : table.columns;
  if (rows === space.states.size && columns === space.actions.size) return true;
  issues.add(where, `has ${rows} rows of ${columns}`, `${space.states.size} rows of ${space.actions.size}: one a state, a number an action`);
  return false;
}
