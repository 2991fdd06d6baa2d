// What solving B reward functions together spares: solveBatch against B solves, on garnets. Run: npx tsx bench/batch.ts [STATES]
import { garnet } from "../src/envs/index.ts";
import { withReward } from "../src/mdp/index.ts";
import { Rng } from "../src/numeric/index.ts";
import { solve, solveBatch } from "../src/solvers/index.ts";
import { machine } from "./machine.ts";

const states = Number(process.argv[2] ?? 10_000);
const { mdp } = garnet({ states, actions: 10, branches: 10, seed: 1 });
const rng = new Rng("batch");

/** CPU seconds of some work: on a busy machine they say more than the clock. */
async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

console.log(`garnet of ${states} states, 10 actions, 10 branches, discount 0.95, epsilon 1e-6; CPU seconds; ${JSON.stringify(machine())}`);
for (const count of [1, 4, 16, 64]) {
  const rewards = Array.from({ length: count }, () => Float64Array.from({ length: mdp.choiceCount }, () => rng.uniform()));
  const together = await cpuSeconds(async () => {
    const { status, sweeps } = await solveBatch(mdp, { rewards, discount: 0.95 });
    if (status !== "converged") throw new Error(`solveBatch ended ${status} after ${sweeps} sweeps`);
  });
  for (const device of ["cpu", "wasm"] as const) {
    const apart = await cpuSeconds(async () => {
      for (const reward of rewards) await solve(withReward(mdp, reward), { discount: 0.95, device, threads: 1 });
    });
    console.log(`B = ${count}: together ${together.toFixed(3)}, one by one on ${device} ${apart.toFixed(3)}, ratio ${(apart / together).toFixed(2)}`);
  }
}
