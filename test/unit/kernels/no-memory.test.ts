// Where WebAssembly has no memory for a model, the reference kernel sweeps it, and the history says so.
import { expect, it, vi } from "vitest";
import { garnet } from "../../../src/envs/index.ts";
import { solve } from "../../../src/solvers/index.ts";

vi.mock("../../../src/mdp/arena.ts", async (original) => ({
  ...(await original<typeof import("../../../src/mdp/arena.ts")>()),
  linearMemory: () => undefined,
}));

const { mdp } = garnet({ states: 500, actions: 5, branches: 10, seed: 1 });

it("falls back with a word, and proves the answer all the same", async () => {
  const best = await solve(mdp, { discount: 0.9 });
  expect(best.device).toBe("cpu");
  expect(best.status).toBe("converged");
  expect(best.history.map(({ note }) => note)).toContainEqual(expect.stringContaining("WebAssembly has no room for this model"));
});

it("refuses the device by name, with a hint", async () => {
  await expect(solve(mdp, { discount: 0.9, device: "wasm" })).rejects.toThrow(/WebAssembly kernel cannot hold this model[\s\S]*Hint/);
});

it("says nothing where the reference kernel is the right one", async () => {
  const best = await solve(mdp, { discount: 0.9, device: "cpu" });
  expect(best.history.map(({ stage }) => stage)).not.toContain("kernel");
});
