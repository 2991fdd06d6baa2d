// The recording that comes with mdpkit: of a real model, answering the prompts rendered today, and examples that are right and from elsewhere.
import { describe, expect, it } from "vitest";
import { maze } from "../../../src/envs/index.ts";
import {
  compareToOptimal,
  decisionStates,
  elicitPrior,
  gridCalibration,
  gridExamples,
  gridPrompts,
  logSoftmax,
  maskedPrior,
  readRecording,
  replayScorer,
  seedMazeRecording,
} from "../../../src/llm-prior/index.ts";
import { scoreTokens } from "../../../src/llm-prior/token-scores.ts";
import { solve } from "../../../src/solvers/index.ts";

const seed = maze();

function prior() {
  return elicitPrior(seed.mdp, { scorer: replayScorer(seedMazeRecording), describe: seed.describe, task: seed.task, ...gridPrompts });
}

describe("the recording of the seed maze", () => {
  it("is a recording of a named model with date and server", () => {
    expect(readRecording(JSON.parse(JSON.stringify(seedMazeRecording)))).toEqual(seedMazeRecording);
    expect(seedMazeRecording.model).toBe("SmolLM2-135M-Instruct.Q4_1");
    expect(seedMazeRecording.server).toMatch(/llama\.cpp/);
  });

  it("answers every prompt that is rendered today, and is called a recording", async () => {
    const replayed = await prior();
    expect(replayed).toMatchObject({ calls: 0, method: "logprobs", notes: [] });
    expect(replayed.provenance).toBe(`recording of ${seedMazeRecording.model} made ${seedMazeRecording.recordedAt.slice(0, 10)}`);
    expect(replayed.prompts).toBe(seedMazeRecording.answers.length);
    expect(replayed.coverage).toBeGreaterThan(0.9);
  });

  it("holds what the server listed: the scores follow from it", () => {
    for (const { scores, answers } of seedMazeRecording.answers) {
      const listed = (scores.evidence ?? []).map(([text, logProbability]) => ({ text, logProbability }));
      const chosen = listed[0] ?? expect.fail("no tokens listed");
      expect(listed.length).toBe(20);
      expect(scoreTokens([{ chosen: { ...chosen, text: "end" }, listed }], answers)).toMatchObject({
        logProbabilities: scores.logProbabilities,
        coverage: scores.coverage,
        floored: scores.floored,
      });
      expect(logSoftmax(scores.logProbabilities)).toEqual(scores.logProbabilities.map((x) => expect.closeTo(x, 12)));
    }
  });

  it("knows more of the maze than the mask does", async () => {
    const best = await solve(seed.mdp, { epsilon: 1e-9 });
    const model = await compareToOptimal(seed.mdp, (await prior()).policy, best);
    const mask = await compareToOptimal(seed.mdp, maskedPrior(seed.mdp).policy, best);
    expect(model.states).toHaveLength(10);
    expect(model.massOnOptimal).toBeGreaterThan(mask.massOnOptimal);
    expect(model.regret.mean).toBeLessThan(mask.regret.mean);
  });
});

describe("the examples in grid prompts", () => {
  it("are two of each move, and describe no cell of the seed maze", () => {
    const counts = new Map<string, number>();
    for (const { action } of gridExamples) counts.set(action, (counts.get(action) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ up: 2, down: 2, left: 2, right: 2 });
    const cells = Array.from(decisionStates(seed.mdp), (s) => seed.describe(s));
    for (const { features } of gridExamples) expect(cells).not.toContain(features);
  });

  it("name an open way each", () => {
    for (const { features, action } of gridExamples) {
      const open = /^open: ([a-z, ]+); goal: [a-z, ]+$/.exec(features)?.[1]?.split(", ");
      expect(open).toContain(action);
    }
  });
});

describe("the calibration lines", () => {
  it("have every direction and its opposite as often in each place", () => {
    expect(new Set(gridCalibration).size).toBe(12);
    const first = new Map<string, number>();
    for (const line of gridCalibration) {
      const goal = /goal: ([a-z]+)/.exec(line)?.[1] ?? "";
      first.set(goal, (first.get(goal) ?? 0) + 1);
    }
    expect(Object.fromEntries(first)).toEqual({ up: 3, down: 3, left: 3, right: 3 });
  });

  it("are worded as the grids word their cells", () => {
    const open = maze("000/0S0/00G");
    expect(gridCalibration).toContain(open.describe(4));
  });
});
