// The shield's promise over random models: every agent's worst case stays within the limit, held against exact arithmetic and an independent iteration.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GuardedProcess, guardedProcess, harmModel, type RiskShield, riskShield, worstHarm } from "../../src/agent/index.ts";
import { OptionError } from "../../src/errors.ts";
import { arrivalOf, type Mdp, rowOf, startAt } from "../../src/mdp/index.ts";
import { Rng } from "../../src/numeric/index.ts";
import { Policy, policySpace } from "../../src/policies/index.ts";
import { arbitraryMdp, type MdpShape } from "../support/arbitrary-mdp.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { exactTotalReward } from "../support/exact-total.ts";
import { buildCallback } from "../support/layouts.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

interface Case {
  readonly mdp: Mdp;
  readonly harmful: (state: number) => boolean;
  readonly limit: number;
  readonly steps: number;
  readonly towards: Policy<number, number> | undefined;
}

/** A model, unsafe states, a limit, a grid; half of them with a policy to keep affordable; some with two starts. */
function cases(shape: MdpShape): fc.Arbitrary<Case> {
  return fc
    .record({
      spec: arbitraryMdp({ discounts: [0.9], maxActions: 3, ...shape }),
      marks: fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
      limit: fc.oneof(fc.constantFrom(0, 0.5, 0.25, 0.125, 0.1, 1), fc.double({ min: 1e-6, max: 1, noNaN: true })),
      steps: fc.constantFrom(1, 3, 8, 16),
      starts: fc.constantFrom(1, 2),
      towards: fc.option(fc.nat(1000), { nil: undefined }),
    })
    .map(({ spec, marks, limit, steps, starts, towards }) => {
      const plain = buildCallback(spec);
      const initial = starts === 1 || plain.stateCount < 2 ? startAt(0) : { state: Int32Array.of(0, 1), probability: Float64Array.of(0.3, 0.7) };
      return {
        mdp: plain.with({ initial }),
        harmful: (state: number) => marks[state] === 0 && state > 0,
        limit,
        steps,
        towards: towards === undefined ? undefined : drawnPolicy(plain, new Rng(towards)),
      };
    });
}

function drawnPolicy(mdp: Mdp, rng: Rng): Policy<number, number> {
  const { stateChoices } = mdp.storage;
  const choice = Int32Array.from({ length: mdp.stateCount }, (_, s) => {
    const count = stateChoices[s + 1]! - stateChoices[s]!;
    return count === 0 ? -1 : stateChoices[s]! + rng.below(count);
  });
  return Policy.deterministic(policySpace(mdp), choice);
}

async function shieldOf({ mdp, ...options }: Case): Promise<RiskShield<number, number> | OptionError> {
  try {
    return await riskShield(mdp, options);
  } catch (error) {
    if (error instanceof OptionError) return error;
    throw error;
  }
}

/** Σ p·(budget of the successor − budget) over the distribution in proportion to p, exactly; harm counts 1, an end without harm 0. */
function exactRise({ mdp, budget, stateOf }: GuardedProcess<number, number>, harmful: (state: number) => boolean, choice: number, own: number): Rational {
  const { storage } = mdp;
  const row = rowOf(storage, choice);
  let total = Rational.zero;
  for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
    const arrival = arrivalOf(storage, b);
    const carried = harmful(stateOf[arrival]!) ? 1 : storage.target[b] === storage.stateCount ? 0 : budget[arrival]!;
    total = total.add(Rational.of(storage.probability[b]!).mul(Rational.of(carried).sub(Rational.of(own))));
  }
  return total;
}

/** The largest probability of harm by plain iteration from below, in code of its own. */
function iteratedHarm({ mdp, stateOf, start }: GuardedProcess<number, number>, harmful: (state: number) => boolean): number {
  const { storage } = mdp;
  const harm = Float64Array.from(stateOf, (s) => (harmful(s) ? 1 : 0));
  for (let sweep = 0; sweep < 3000; sweep++) {
    let change = 0;
    for (let i = 0; i < storage.stateCount; i++) {
      if (harmful(stateOf[i]!)) continue;
      for (let c = storage.stateChoices[i]!; c < storage.stateChoices[i + 1]!; c++) {
        const row = rowOf(storage, c);
        let total = 0;
        for (let b = storage.rowBranches[row]!; b < storage.rowBranches[row + 1]!; b++) {
          const arrival = arrivalOf(storage, b);
          const ended = storage.target[b] === storage.stateCount;
          total += storage.probability[b]! * (harmful(stateOf[arrival]!) ? 1 : ended ? 0 : harm[arrival]!);
        }
        if (total > harm[i]!) {
          change = Math.max(change, total - harm[i]!);
          harm[i] = total;
        }
      }
    }
    if (change < 1e-12) break;
  }
  return start.state.reduce((sum, s, i) => sum + start.probability[i]! * harm[s]!, 0);
}

describe("riskShield", () => {
  test("keeps every agent within the limit", async () => {
    await fc.assert(
      fc.asyncProperty(cases({}), async (drawn) => {
        const shield = await shieldOf(drawn);
        fc.pre(!(shield instanceof OptionError));
        if (shield instanceof OptionError) return;
        const { harmful, limit, mdp } = drawn;
        const guarded = await guardedProcess(shield);
        const { lower, upper } = await worstHarm(guarded);
        expect(upper).toBeLessThanOrEqual(limit);
        expect(lower).toBeLessThanOrEqual(upper);
        const iterated = iteratedHarm(guarded, harmful);
        expect(iterated).toBeLessThanOrEqual(upper + 1e-9);
        expect(iterated).toBeGreaterThanOrEqual(lower - 1e-6);
        for (let i = 0; i < guarded.mdp.stateCount; i++) {
          const s = guarded.stateOf[i]!;
          // A state without choices is terminal in the model too: elsewhere something is always allowed.
          expect(guarded.mdp.storage.terminal[i]).toBe(mdp.storage.terminal[s]);
          if (harmful(s)) continue;
          for (let c = guarded.mdp.storage.stateChoices[i]!; c < guarded.mdp.storage.stateChoices[i + 1]!; c++)
            expect(exactRise(guarded, harmful, c, guarded.budget[i]!).sign).toBeLessThanOrEqual(0);
        }
        const atStart = guarded.start.state.reduce(
          (sum, s, i) =>
            sum.add(Rational.of(guarded.start.probability[i]!).mul(Rational.of(harmful(guarded.stateOf[s]!) ? 1 : guarded.budget[s]!).sub(Rational.of(limit)))),
          Rational.zero,
        );
        expect(atStart.sign).toBeLessThanOrEqual(0);
      }),
      runs(200),
    );
  });

  test("refuses exactly the limits that nobody can keep, and prints the interval", async () => {
    const shape: MdpShape = { maxStates: 5, parts: [1, 2, 4], offByUlp: false };
    await fc.assert(
      fc.asyncProperty(cases(shape), async (drawn) => {
        const risk = harmModel(drawn.mdp, drawn.harmful);
        const truth = exactTotalReward(exactFromMdp(risk, 1));
        if (truth.kind !== "defined") throw new Error("probabilities of harm are always defined");
        const { state, probability } = drawn.mdp.initial ?? startAt(0);
        const least = Rational.sum(Array.from(state, (s, i) => Rational.of(probability[i]!).mul(drawn.harmful(s) ? Rational.one : truth.value[s]!)));
        const shield = await shieldOf(drawn);
        if (shield instanceof OptionError) {
          expect(shield.message).toContain("limit is ");
          const [low, high] = /\[([^,]+), ([^\]]+)\]/.exec(shield.message)?.slice(1).map(Number) ?? [];
          expect(low).toBeLessThanOrEqual(least.toNumber() + 1e-12);
          expect(high).toBeGreaterThanOrEqual(least.toNumber() - 1e-12);
          expect(high! - low!).toBeLessThan(1e-6);
          expect(drawn.limit).toBeLessThan(least.toNumber() + 1e-9);
          const hinted = Number(/with limit: (\S+)/.exec(shield.message)?.[1]);
          expect(await shieldOf({ ...drawn, limit: hinted })).not.toBeInstanceOf(OptionError);
          return;
        }
        expect(least.compare(Rational.of(drawn.limit)) <= 0).toBe(true);
        for (let s = 0; s < drawn.mdp.stateCount; s++) {
          const exact = drawn.harmful(s) ? Rational.one : truth.value[s]!;
          expect(exact.compare(Rational.of(shield.least.array[s]!)) <= 0).toBe(true);
          expect(shield.least.array[s]!).toBeLessThan(exact.toNumber() + 1e-6);
          expect(shield.most.array[s]!).toBeGreaterThanOrEqual(shield.least.array[s]!);
        }
      }),
      runs(100),
    );
  });

  test("always allows something, and explains every refusal, wherever any agent gets to", async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(cases({}), fc.nat(), async (drawn, seed) => {
        const shield = await shieldOf(drawn);
        if (shield instanceof OptionError) return;
        const rng = new Rng(seed);
        const { mdp } = drawn;
        for (let run = 0; run < 5; run++) {
          const initial = mdp.initial ?? startAt(0);
          let state = initial.state[rng.pick(initial.probability)]!;
          shield.begin(state);
          for (let step = 0; step < 20 && !mdp.isTerminal(state); step++) {
            const verdicts = mdp.feasibleActions(state).map((action) => shield.verdict(state, action));
            const allowed = verdicts.filter((verdict) => verdict.allowed);
            expect(allowed.length).toBeGreaterThan(0);
            for (const verdict of verdicts) {
              expect(shield.blocks(state, verdict.action)).toBe(verdict.reason);
              if (verdict.allowed) continue;
              refusals++;
              expect(verdict.reason).toMatch(
                /^it risks harm with probability \S+ however careful all that follows is, and \S+ is left of the \S+ for the whole run$/,
              );
              expect(verdict.needs).toBeGreaterThan(shield.budget ?? Infinity);
            }
            const action = allowed[rng.below(allowed.length)]!.action;
            const branches = mdp.branches(state, action);
            const branch = branches[rng.pick(branches.map((b) => b.probability))]!;
            shield.took(state, action, branch.next);
            expect(shield.broken).toBeUndefined();
            if (branch.terminated) break;
            state = branch.next;
          }
        }
      }),
      runs(200),
    );
    expect(refusals).toBeGreaterThan(10);
  });

  test("keeps the wanted policy allowed where the budget pays for it", async () => {
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(cases({}), fc.nat(), async (drawn, seed) => {
        const towards = drawnPolicy(drawn.mdp, new Rng(seed));
        const probe = await shieldOf({ ...drawn, limit: 1, towards });
        if (probe instanceof OptionError) return;
        const wanted = probe.rules.bounds.wanted;
        const { state, probability } = drawn.mdp.initial ?? startAt(0);
        const limit = Math.min(1, state.reduce((sum, s, i) => sum + probability[i]! * (drawn.harmful(s) ? 1 : wanted[s]!), 0) * (1 + 1e-9) + 1e-9);
        const shield = await shieldOf({ ...drawn, limit, towards });
        if (shield instanceof OptionError) throw shield;
        const guarded = await guardedProcess(shield);
        const allowed = new Map(Array.from({ length: guarded.mdp.stateCount }, (_, i) => [i, new Set<number>()]));
        for (let i = 0; i < guarded.mdp.stateCount; i++)
          for (let c = guarded.mdp.storage.stateChoices[i]!; c < guarded.mdp.storage.stateChoices[i + 1]!; c++) allowed.get(i)?.add(guarded.choiceOf[c]!);
        const queue = [...guarded.start.state];
        const seen = new Set(queue);
        for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
          const s = guarded.stateOf[i]!;
          if (drawn.mdp.storage.terminal[s] === 1 || drawn.harmful(s)) continue;
          const choice = towards.modeAt(s);
          expect(allowed.get(i)?.has(choice)).toBe(true);
          followed++;
          for (const { next, terminated } of guarded.mdp.branches(guarded.mdp.states.at(i), drawn.mdp.actions.at(drawn.mdp.storage.choiceAction[choice]!))) {
            const j = guarded.mdp.states.indexOf(next);
            if (terminated || seen.has(j)) continue;
            seen.add(j);
            queue.push(j);
          }
        }
      }),
      runs(100),
    );
    expect(followed).toBeGreaterThan(100);
  });
});
