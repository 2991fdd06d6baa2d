// What a Markov decision process is: labels, storage, and the ways to make one.
export { type Arena, linearMemory, MOST_BYTES, SHARES_MEMORY } from "./arena.ts";
export { type BuildOptions, buildMdp, type Emitter, labelIndex } from "./build.ts";
export { type BuilderOptions, MdpBuilder, SUM_TOLERANCE } from "./builder.ts";
export { checkMdp } from "./check.ts";
export type { CsrModel } from "./csr-model.ts";
export { defineMdp, type MdpSpec, type Successors } from "./define.ts";
export { fromCsr } from "./from-csr.ts";
export { type DenseModel, fromDense } from "./from-dense.ts";
export { type ExploreOptions, fromSuccessors, type SuccessorChoice } from "./from-successors.ts";
export { checkInitial, compileInitial, type InitialDistribution, type InitialSpec, startAt } from "./initial.ts";
export { defaultKey, type Label, LabelIndex, type LabelKey, type LabelNames, nearest } from "./labels.ts";
export { type Branch, checkDiscount, checkObjective, Mdp, type MdpParts, type Objective } from "./mdp.ts";
export { arrivalOf, findChoice, rewardOf, rowOf, type Storage, stateOfChoice, storageBytes } from "./storage.ts";
export { type ChoiceIndex, ChoiceTable, StateTable } from "./tables.ts";
export { withReward } from "./with-reward.ts";
