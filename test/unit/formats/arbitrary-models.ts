// Small random models of every kind a file can hold: labels or counts, terminal states, infeasible actions, ties, terminated branches.
import fc from "fast-check";
import { compileInitial, type Label, labelIndex, Mdp, MdpBuilder } from "../../../src/mdp/index.ts";

export interface ModelKind {
  /** Whether branches may be terminated. */
  readonly endings: boolean;
  /** Whether states and actions may have labels. */
  readonly labels: boolean;
}

const reward = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 })).map((x) => x + 0); // no -0, which JSON writes as 0
const label = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }).filter((text) => !/\0$/.test(text)),
  fc.constantFrom('"', "\\", "é", "__proto__", "0", "ended"),
);

interface BranchPlan {
  readonly weight: number;
  readonly next: number;
  readonly reward: number;
  readonly ends: boolean;
}

export function arbitraryModel(kind: ModelKind): fc.Arbitrary<Mdp<Label, Label>> {
  return fc.record({ states: fc.integer({ min: 1, max: 6 }), actions: fc.integer({ min: 1, max: 4 }) }).chain(({ states, actions }) => {
    const branch: fc.Arbitrary<BranchPlan> = fc.record({
      weight: fc.integer({ min: 1, max: 9 }),
      next: fc.nat({ max: states - 1 }),
      reward,
      ends: kind.endings ? fc.boolean() : fc.constant(false),
    });
    const choice = fc.record({
      branches: fc.uniqueArray(branch, { minLength: 1, maxLength: 4, selector: ({ next, ends }) => `${next},${ends}` }),
      reward,
      byBranch: fc.boolean(),
    });
    const state = fc.option(fc.array(fc.option(choice), { minLength: actions, maxLength: actions }), { freq: 4 });
    const labels = (n: number) => (kind.labels ? fc.oneof(fc.constant(n), fc.uniqueArray(label, { minLength: n, maxLength: n })) : fc.constant(n));
    return fc
      .record({
        states: labels(states),
        actions: labels(actions),
        table: fc.array(state, { minLength: states, maxLength: states }),
        discount: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
        objective: fc.constantFrom("maximize" as const, "minimize" as const),
        initial: fc.option(fc.uniqueArray(fc.nat({ max: states - 1 }), { minLength: 1, maxLength: states }), { nil: undefined }),
      })
      .map((plan) => {
        const stateLabels = labelIndex<Label>("state", plan.states);
        const builder = new MdpBuilder(stateLabels, labelIndex<Label>("action", plan.actions));
        for (const choices of plan.table) {
          builder.state();
          if (choices === null || choices.every((one) => one === null)) {
            builder.terminal();
            continue;
          }
          for (const [a, one] of choices.entries()) {
            if (one === null) continue;
            builder.choice(a, one.byBranch ? Number.NaN : one.reward);
            const total = one.branches.reduce((sum, { weight }) => sum + weight, 0);
            for (const { weight, next, reward: own, ends } of one.branches) builder.branch(next, weight / total, one.byBranch ? own : Number.NaN, ends);
          }
        }
        const starts = plan.initial?.map((s) => [stateLabels.at(s), 1 / (plan.initial?.length ?? 1)] as const);
        return new Mdp<Label, Label>({
          states: stateLabels,
          actions: labelIndex<Label>("action", plan.actions),
          storage: builder.finish(),
          discount: plan.discount,
          objective: plan.objective,
          initial: starts === undefined ? undefined : compileInitial(stateLabels, starts),
        });
      });
  });
}
