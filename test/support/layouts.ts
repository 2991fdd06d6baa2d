// Every way a model can reach the solvers: the same spec through each constructor and each form of storage. New layouts join the list.
import { buildMdp, defineMdp, fromCsr, fromDense, fromSuccessors, Mdp, rowOf, type Storage } from "../../src/mdp/index.ts";
import type { MdpShape } from "./arbitrary-mdp.ts";
import type { ModelSpec } from "./model-spec.ts";

/** States keep the spec's numbers as labels, whatever their indices. */
export interface Layout {
  readonly name: string;
  /** The models that the layout can express to the last bit. */
  readonly shape: MdpShape;
  readonly build: (spec: ModelSpec) => Mdp | Promise<Mdp>;
}

const PLAIN = { terminals: false, duplicates: false } as const;

export const LAYOUTS: readonly Layout[] = [
  { name: "callback", shape: {}, build: buildCallback },
  { name: "declared", shape: { endings: false, rewardsBy: "branch" }, build: buildDeclared },
  { name: "dense", shape: { endings: false, duplicates: false, rewardsBy: "branch" }, build: buildDense },
  {
    name: "dense R(s,a), actions first",
    shape: { endings: false, duplicates: false, rewardsBy: "choice", parts: [1], offByUlp: false },
    build: buildActionFirst,
  },
  { name: "csr as it is", shape: { ...PLAIN, allFeasible: true, rewardsBy: "choice" }, build: (spec) => buildCsr(spec, true) },
  { name: "csr copied", shape: { endings: false, rewardsBy: "choice" }, build: (spec) => buildCsr(spec, false) },
  { name: "csr by branch", shape: { endings: false, rewardsBy: "branch" }, build: (spec) => buildCsr(spec, false) },
  { name: "successors", shape: { endings: false }, build: buildSuccessors },
  { name: "shared rows", shape: {}, build: (spec) => shareRows(buildCallback(spec)) },
  { name: "reversed branches", shape: {}, build: (spec) => reverseBranches(buildCallback(spec)) },
];

export function buildCallback(spec: ModelSpec): Mdp {
  return buildMdp({ states: spec.states.length, actions: spec.actions, discount: spec.discount, objective: spec.objective }, (s, emit) => {
    const choices = spec.states[s];
    if (choices === undefined) return emit.terminal();
    for (const { action, reward, branches } of choices) {
      emit.choice(action, reward);
      for (const b of branches) emit.branch(b.next, b.probability, reward === undefined ? b.reward : Number.NaN, b.ends);
    }
  });
}

function byBranchOnly(spec: ModelSpec): boolean {
  return spec.states.every((choices) => choices === undefined || choices.every((c) => c.reward === undefined));
}

function choiceAt(spec: ModelSpec, s: number, a: number) {
  return spec.states[s]?.find((c) => c.action === a);
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function terminalsOf(spec: ModelSpec): number[] {
  return range(spec.states.length).filter((s) => spec.states[s] === undefined);
}

function buildDeclared(spec: ModelSpec): Mdp {
  // `reward` is called once a branch, in the order of `transition`'s pairs, also where two pairs name one successor.
  let calls = 0;
  let current = "";
  return defineMdp({
    states: range(spec.states.length),
    actions: range(spec.actions),
    feasible: (s) => spec.states[s]!.map((c) => c.action),
    transition: (s, a) => choiceAt(spec, s, a)!.branches.map((b) => [b.next, b.probability] as const),
    reward: (s, a) => {
      const key = `${s},${a}`;
      calls = key === current ? calls + 1 : 0;
      current = key;
      return choiceAt(spec, s, a)!.branches[calls]!.reward;
    },
    terminal: terminalsOf(spec),
    discount: spec.discount,
    objective: spec.objective,
  });
}

function buildDense(spec: ModelSpec): Mdp {
  const n = spec.states.length;
  const table = (read: (s: number, a: number, t: number) => number) => range(n).map((s) => range(spec.actions).map((a) => range(n).map((t) => read(s, a, t))));
  const branch = (s: number, a: number, t: number) => choiceAt(spec, s, a)?.branches.find((b) => b.next === t);
  return fromDense({
    transition: table((s, a, t) => branch(s, a, t)?.probability ?? 0),
    reward: table((s, a, t) => branch(s, a, t)?.reward ?? 0),
    terminal: terminalsOf(spec),
    discount: spec.discount,
    objective: spec.objective,
  });
}

function buildActionFirst(spec: ModelSpec): Mdp {
  const n = spec.states.length;
  return fromDense({
    order: "action-first",
    transition: range(spec.actions).map((a) =>
      range(n).map((s) => range(n).map((t) => choiceAt(spec, s, a)?.branches.find((b) => b.next === t)?.probability ?? 0)),
    ),
    reward: range(n).map((s) => range(spec.actions).map((a) => choiceAt(spec, s, a)?.reward ?? 0)),
    terminal: terminalsOf(spec),
    discount: spec.discount,
    objective: spec.objective,
  });
}

function buildCsr(spec: ModelSpec, asIs: boolean): Mdp {
  const indptr = [0];
  const indices: number[] = [];
  const data: number[] = [];
  const reward: number[] = [];
  const byBranch = byBranchOnly(spec) && !asIs;
  for (const s of range(spec.states.length)) {
    for (const a of range(spec.actions)) {
      const choice = choiceAt(spec, s, a);
      for (const b of choice?.branches ?? []) {
        indices.push(b.next);
        data.push(b.probability);
        if (byBranch) reward.push(b.reward);
      }
      if (!byBranch) reward.push(choice?.reward ?? (spec.objective === "minimize" ? Infinity : -Infinity));
      indptr.push(indices.length);
    }
  }
  const typed = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), data: Float64Array.from(data), reward: Float64Array.from(reward) };
  return fromCsr({
    states: spec.states.length,
    actions: spec.actions,
    ...(asIs ? typed : { indptr, indices, data, reward, terminal: terminalsOf(spec) }),
    rewardPer: byBranch ? "branch" : "choice",
    discount: spec.discount,
    objective: spec.objective,
  });
}

/** Explored from state 0: only what can be reached, in the order met. States keep the spec's numbers as labels. */
function buildSuccessors(spec: ModelSpec): Promise<Mdp> {
  return fromSuccessors<number, number>(
    0,
    (s) =>
      (spec.states[s] ?? []).map((c) => ({
        action: c.action,
        ...(c.reward === undefined ? {} : { reward: c.reward }),
        branches: c.branches.map((b) => (c.reward === undefined ? ([b.next, b.probability, b.reward] as const) : ([b.next, b.probability] as const))),
      })),
    { actions: range(spec.actions), discount: spec.discount, objective: spec.objective },
  );
}

/** The same model with equal rows stored once, as the builder does for large models. Rows with rewards of their own stay apart. */
export function shareRows(mdp: Mdp): Mdp {
  const { storage } = mdp;
  const rows = new Map<string, number>();
  const choiceRow = new Int32Array(storage.choiceCount);
  const kept: number[] = [];
  for (let c = 0; c < storage.choiceCount; c++) {
    const row = rowOf(storage, c);
    const from = storage.rowBranches[row]!;
    const to = storage.rowBranches[row + 1]!;
    const key = range(to - from)
      .map((k) => [storage.target[from + k], storage.probability[from + k], storage.branchReward?.[from + k], storage.arrival?.[from + k]].join(":"))
      .join(" ");
    let shared = rows.get(key);
    if (shared === undefined) {
      shared = kept.length;
      rows.set(key, shared);
      kept.push(row);
    }
    choiceRow[c] = shared;
  }
  return new Mdp({ ...mdp.parts, storage: { ...pickRows(storage, kept, (from, to) => range(to - from).map((k) => from + k)), choiceRow } });
}

/** The same model with the branches of every row in reverse order. */
function reverseBranches(mdp: Mdp): Mdp {
  const { storage } = mdp;
  const all = range(storage.rowCount);
  return new Mdp({ ...mdp.parts, storage: { ...pickRows(storage, all, (from, to) => range(to - from).map((k) => to - 1 - k)), choiceRow: storage.choiceRow } });
}

function pickRows(storage: Storage, rows: readonly number[], order: (from: number, to: number) => number[]): Storage {
  const branches: number[] = [];
  const rowBranches = [0];
  for (const row of rows) {
    branches.push(...order(storage.rowBranches[row]!, storage.rowBranches[row + 1]!));
    rowBranches.push(branches.length);
  }
  return {
    ...storage,
    rowCount: rows.length,
    rowBranches: Int32Array.from(rowBranches),
    target: Int32Array.from(branches, (b) => storage.target[b]!),
    probability: Float64Array.from(branches, (b) => storage.probability[b]!),
    branchReward: storage.branchReward && Float64Array.from(branches, (b) => storage.branchReward![b]!),
    arrival: storage.arrival && Int32Array.from(branches, (b) => storage.arrival![b]!),
  };
}
