// How long a model of 1,000,000 states x 4 actions x 3 branches takes to build from a callback, and how much memory the process then holds.
// Run: npx tsx bench/build-million.ts [states]
import { buildMdp } from "../src/mdp/index.ts";

/** The limits this release promises for a million states, on a machine with nothing else to do. */
const LIMIT = { seconds: 2, megabytes: 600 };

const states = Number(process.argv[2] ?? 1_000_000);
const width = Math.floor(Math.sqrt(states));

const before = process.resourceUsage().maxRSS / 1024;
const started = performance.now();
// A slippery grid: the move succeeds with 0.8 and slips to either side with 0.1; every step costs a number of its own.
const model = buildMdp({ states, actions: 4, discount: 0.99 }, (s, emit) => {
  for (let a = 0; a < 4; a++) {
    emit.choice(a, -1 - (s % 7));
    emit.branch((s + 1 + a * width) % states, 0.8);
    emit.branch((s + 2 + a * width) % states, 0.1);
    emit.branch((s + 3 + a * width) % states, 0.1);
  }
});
const seconds = (performance.now() - started) / 1000;
const after = process.resourceUsage().maxRSS / 1024;

console.log(`states ${model.stateCount}, choices ${model.choiceCount}, branches ${model.branchCount}`);
console.log(`seconds ${seconds.toFixed(2)} (limit ${LIMIT.seconds})`);
console.log(`peak memory ${after.toFixed(0)} MB, of which ${before.toFixed(0)} MB before the build (limit ${LIMIT.megabytes})`);
if (states >= 1_000_000 && (seconds > LIMIT.seconds || after > LIMIT.megabytes)) {
  console.error("over the limit");
  process.exitCode = 1;
}
