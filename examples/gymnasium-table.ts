// A table as Gymnasium's environments hold it (`env.unwrapped.P`), read, solved and written back.
import { InvalidModelError, readGymnasiumJson, solve, writeGymnasiumJson } from "mdpkit";

// In Python: json.dump({"P": gymnasium.make("FrozenLake-v1").unwrapped.P}, file). A terminated branch pays and ends the episode.
const table = `{"P": {
  "0": {"0": [[1.0, 0, 0.0, false]], "1": [[0.8, 1, 0.0, false], [0.2, 0, 0.0, false]]},
  "1": {"0": [[1.0, 0, 0.0, false]], "1": [[0.5, 2, 1.0, true], [0.5, 0, -0.1, false]]},
  "2": {"0": [[1.0, 2, 0.0, true]], "1": [[1.0, 2, 0.0, true]]}
}}`;

const mdp = await readGymnasiumJson(table, { discount: 0.99 });
const best = await solve(mdp, { epsilon: 1e-9 });
for (const state of mdp.states) console.log(`state ${state}: action ${best.policy.action(state)}, value ${best.value.at(state).toFixed(6)}`);
console.log(`\nwritten back:\n${writeGymnasiumJson(mdp)}`);

// What is wrong with a table is told all at once, each fault with its place.
try {
  await readGymnasiumJson(table.replace("0.8, 1", "0.9, 1").replace("0.5, 2", "0.5, 7"), { discount: 0.99 });
} catch (error) {
  if (!(error instanceof InvalidModelError)) throw error;
  console.log(`a damaged table has ${error.total} faults:\n${error.message}`);
}
