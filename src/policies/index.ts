// Policies: tabular ones, those read off a table of Q, and the explorers learners act by.
export { type EpsilonGreedyOptions, epsilonGreedy, epsilonGreedyPolicy } from "./epsilon-greedy.ts";
export { type Explorer, explorerPolicy } from "./explorer.ts";
export { follow } from "./follow.ts";
export { type GreedyOptions, greedy, greedyPolicy, type Ties } from "./greedy.ts";
export { Policy, type PolicySpace, policySpace } from "./policy.ts";
export { type PriorGuidedOptions, priorGuided, type SoftExplorer, softPrior } from "./prior-guided.ts";
export { constant, exponentialDecay, harmonic, linearDecay, robbinsMonro, type Schedule } from "./schedule.ts";
export { softmax, softmaxPolicy } from "./softmax.ts";
