// How long a model of 1,000,000 states x 4 actions x 3 branches takes to build from a callback, and how much memory the process then holds.
// Run: npx tsx bench/build-million.ts [states]
import { buildMdp, storageBytes } from "../src/mdp/index.ts";

/** The limits this release promises, on a machine with nothing else to do: seconds a million states; memory in sizes of the arrays, and what the process itself takes. */
const LIMIT = { seconds: 2, ratio: 1.15, processMebibytes: 128 };

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
const peak = process.resourceUsage().maxRSS / 1024;
const csr = storageBytes(model.storage) / 2 ** 20;

console.log(
  `states ${model.stateCount}, choices ${model.choiceCount}, branches ${model.branchCount}, in ${model.storage.arena === undefined ? "arrays" : "an arena"}`,
);
console.log(`seconds ${seconds.toFixed(2)} (limit ${(LIMIT.seconds * states) / 1e6}), ${((seconds * 1e9) / model.branchCount).toFixed(0)} ns a branch`);
console.log(`peak memory ${peak.toFixed(0)} MiB, of which ${before.toFixed(0)} MiB before the build; the arrays have ${csr.toFixed(0)} MiB`);
console.log(`peak / arrays ${(peak / csr).toFixed(2)} (limit ${LIMIT.ratio}, and ${LIMIT.processMebibytes} MiB)`);
if (states >= 1_000_000 && (seconds > (LIMIT.seconds * states) / 1e6 || peak > LIMIT.ratio * csr + LIMIT.processMebibytes)) {
  console.error("over the limit");
  process.exitCode = 1;
}
