// What the type of a deep learner's answer says: that nothing is proven of it.
import type { DeepQResult } from "../../src/deep/index.ts";
import type { Mdp } from "../../src/mdp/index.ts";
import type { Solution } from "../../src/solvers/index.ts";
import { verify } from "../../src/solvers/index.ts";

declare const learned: DeepQResult;
declare const mdp: Mdp;

const claims: false = learned.certified;

export { claims };

// @ts-expect-error there are no bounds
learned.bounds;
// @ts-expect-error nor a gap
learned.gap;
// @ts-expect-error it is no solution
export const solution: Solution<number, number> = learned;
// @ts-expect-error and there is no certificate to verify
verify(mdp, learned);
