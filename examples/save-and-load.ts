// Models and results as files: written, read again, and verified without trusting whoever wrote them.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeBuiltIn, solve, verify } from "mdpkit";
import { loadSolution, readModelFile, saveSolution, writeModelFile } from "mdpkit/node";

const folder = await mkdtemp(join(tmpdir(), "mdpkit-example-"));
const at = (name: string) => join(folder, name);
try {
  const { mdp } = makeBuiltIn("frozen-lake:8x8");
  const best = await solve(mdp);
  for (const name of ["lake.json", "lake.npz", "lake.gym.json"]) {
    await writeModelFile(at(name), mdp);
    console.log(`${name}: ${Math.round((await stat(at(name))).size / 1024)} KiB`);
  }

  // Python: best = numpy.load("best.npz"); best["value"].reshape(8, 8)
  await saveSolution(at("best.npz"), best);

  const model = await readModelFile(at("lake.npz"));
  const { value, lower, upper, discount } = await loadSolution(at("best.npz"));
  const { holds, gap } = await verify(model, { value, lower, upper, discount });
  console.log(`the start is worth ${value[0]}; the bounds hold: ${holds}, gap ${gap}`);

  // One number changed, and the certificate no longer holds.
  const tampered = await verify(model, { value, lower: lower.with(0, (upper[0] ?? 0) + 1e-3), upper, discount });
  console.log(`tampered with: ${tampered.reasons[0]}`);
} finally {
  await rm(folder, { recursive: true });
}
