// Compiling a model rounds no more than the storage says: every bound rests on that.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryMdp } from "../support/arbitrary-mdp.ts";
import { exactFromMdp } from "../support/exact-model.ts";
import { LAYOUTS } from "../support/layouts.ts";
import { exactFromSpec } from "../support/model-spec.ts";
import { Rational } from "../support/rational.ts";
import { runs } from "../support/runs.ts";

describe.each(LAYOUTS)("layout $name", (layout) => {
  test("expected rewards are within rounding.reward, row probabilities within rounding.probability in sum", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMdp({ ...layout.shape, maxStates: 5 }), async (spec) => {
        const mdp = await layout.build(spec);
        const given = exactFromSpec(spec);
        const { rounding } = mdp.storage;
        for (const [i, choices] of exactFromMdp(mdp).states.entries()) {
          for (const [c, choice] of choices.entries()) {
            const wanted = given.states[mdp.states.at(i)]![c]!;
            const rewardError = choice.reward.sub(wanted.reward).abs();
            expect(rewardError.lessOrEqual(Rational.of(rounding.reward)), `reward off by ${rewardError.toNumber()}, claimed ${rounding.reward}`).toBe(true);
            let rowError = Rational.zero;
            for (const next of [undefined, ...spec.states.keys()]) {
              const got = Rational.sum(
                choice.branches.filter((b) => (b.next === undefined ? undefined : mdp.states.at(b.next)) === next).map((b) => b.probability),
              );
              rowError = rowError.add(got.sub(Rational.sum(wanted.branches.filter((b) => b.next === next).map((b) => b.probability))).abs());
            }
            expect(rowError.lessOrEqual(Rational.of(rounding.probability)), `row off by ${rowError.toNumber()}, claimed ${rounding.probability}`).toBe(true);
          }
        }
      }),
      runs(200),
    );
  });
});
