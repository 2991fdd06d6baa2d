// A language model's advice beside the certified optimum: a recording that comes with mdpkit, a mask, and synthetic ones of set quality.
import {
  comparePolicies,
  elicitPrior,
  gridPrompts,
  makeBuiltIn,
  maskedPrior,
  replayScorer,
  seedMazeRecording,
  solve,
  syntheticScorer,
  uniformOverOptimal,
} from "mdpkit";

const { mdp, describe, task } = makeBuiltIn("maze");
const best = await solve(mdp, { epsilon: 1e-9 });

// With a server it is openAiCompatible({ baseUrl: "http://127.0.0.1:8080/v1" }) instead of the recording.
const recorded = await elicitPrior(mdp, { scorer: replayScorer(seedMazeRecording), describe, task, ...gridPrompts });
const reference = uniformOverOptimal(best);
const synthetic = async (quality: number) => (await elicitPrior(mdp, { scorer: syntheticScorer({ reference, quality }) })).policy;

const compared = await comparePolicies(mdp, {
  [recorded.provenance]: recorded.policy,
  "mask only": maskedPrior(mdp).policy,
  "synthetic, 9 of 10 right": await synthetic(0.9),
  "synthetic, always wrong": await synthetic(0),
  optimal: best.policy,
});
for (const [name, { agreement, massOnOptimal, mutualInformation, regret }] of Object.entries(compared)) {
  const numbers = [
    `agreement ${agreement.toFixed(2)}`,
    `p(optimal) ${massOnOptimal.toFixed(2)}`,
    `${mutualInformation.toFixed(2)} nats`,
    `mean regret ${regret.mean.toFixed(3)}`,
  ];
  console.log(`${name}: ${numbers.join(", ")}`);
}
