// A million states from a callback: fast and small enough. The limits here leave room for a busy machine; bench/build-million.ts measures.
import { expect, test } from "vitest";
import { buildMdp, storageBytes } from "../../../src/mdp/index.ts";

test("1,000,000 states x 4 actions x 3 branches build in seconds and in memory of their own size", () => {
  const states = 1_000_000;
  const cpuBefore = process.cpuUsage();
  const model = buildMdp({ states, actions: 4, discount: 0.99 }, (s, emit) => {
    for (let a = 0; a < 4; a++) {
      emit.choice(a, -1 - (s % 7));
      emit.branch((s + 1 + a * 1000) % states, 0.8);
      emit.branch((s + 2 + a * 1000) % states, 0.1);
      emit.branch((s + 3 + a * 1000) % states, 0.1);
    }
  });
  const cpu = process.cpuUsage(cpuBefore);
  expect(model.choiceCount).toBe(4_000_000);
  expect(model.branchCount).toBe(12_000_000);
  expect(model.branches(999_999, 3)).toEqual([
    { next: 3000, probability: 0.8, reward: -1 - (999_999 % 7), terminated: false },
    { next: 3001, probability: 0.1, reward: -1 - (999_999 % 7), terminated: false },
    { next: 3002, probability: 0.1, reward: -1 - (999_999 % 7), terminated: false },
  ]);
  // Processor time, not the clock: other tests run beside this one.
  expect((cpu.user + cpu.system) / 1e6).toBeLessThan(6);
  // One memory, in which the arrays take little more than their contents: 12 bytes a branch, 16 a choice, and the states' own.
  const { arena, stateChoices, terminal, choiceAction, rowBranches, target, reward, probability } = model.storage;
  const parts = [stateChoices, terminal, choiceAction, rowBranches, target, reward, probability];
  expect(new Set(parts.map((part) => part.buffer))).toEqual(new Set([arena?.memory.buffer]));
  expect(storageBytes(model.storage)).toBeLessThan(1.01 * (12 * 12e6 + 16 * 4e6 + 5 * 1e6));
}, 60_000);
