// A model of 10,000,000 states x 4 actions x 3 branches, built from a callback and solved to 1e-6: time, and the memory the process needs for it.
// Run: npx tsx bench/solve-large.ts [states]
import { buildMdp, storageBytes } from "../src/mdp/index.ts";
import { solve } from "../src/solvers/index.ts";

const states = Number(process.argv[2] ?? 10_000_000);

/** A number from 0 to 2^32 - 1 that looks random: the model is the same every time, and its rows are all different. */
function scatter(x: number): number {
  let h = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const peak = (): number => process.resourceUsage().maxRSS * 1024;

const atStart = peak();
let started = performance.now();
const model = buildMdp({ states, actions: 4, discount: 0.99 }, (s, emit) => {
  for (let a = 0; a < 4; a++) {
    const choice = 4 * s + a;
    emit.choice(a, scatter(choice) / 2 ** 32);
    for (let k = 0; k < 3; k++) emit.branch(Math.floor(((scatter(3 * choice + k + 12345) / 2 ** 32 + k) * states) / 3), [0.5, 0.3, 0.2][k] ?? 0);
  }
});
const buildSeconds = (performance.now() - started) / 1000;
const built = peak();

started = performance.now();
const best = await solve(model, { epsilon: 1e-6 });
const solveSeconds = (performance.now() - started) / 1000;
const solved = peak();
const arrays = storageBytes(model.storage);

console.log(`states ${model.stateCount}, choices ${model.choiceCount}, branches ${model.branchCount}, arrays ${gigabytes(arrays)}`);
console.log(
  `built in ${buildSeconds.toFixed(1)} s, solved in ${solveSeconds.toFixed(1)} s by ${best.method} on ${best.device}, ${best.sweeps} sweeps: ${best.status}, gap ${best.gap}`,
);
console.log(
  `peak memory ${gigabytes(atStart)} at the start, ${gigabytes(built)} built, ${gigabytes(solved)} solved: ${(solved / arrays).toFixed(2)} times the arrays`,
);
if (best.status !== "converged") process.exitCode = 1;
