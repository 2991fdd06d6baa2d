// Describers: one line each, true to the model.
import { describe, expect, it } from "vitest";
import { maze } from "../../../src/envs/index.ts";
import { describeCoordinates, describeFeatures, describeMap, describeNeighbours, elicitPrior, examplesFromSolution } from "../../../src/llm-prior/index.ts";
import { solve } from "../../../src/solvers/index.ts";
import { corridor, robot } from "./problems.ts";
import { tableScorer } from "./support.ts";

const small = maze("S00/010/00G");
const layout = small.grid ?? expect.fail("a maze has a grid");

describe("describers", () => {
  it("tell features by name", () => {
    const describeState = describeFeatures((s: number) => ({ stock: s, open: s > 1 ? ["up", "down"] : [], far: s > 2, nothing: undefined }));
    expect(describeState(3, 3)).toBe("stock: 3; open: up, down; far: true");
    expect(describeState(1, 1)).toBe("stock: 1; open: none; far: false");
  });

  it("tell what each action leads to", () => {
    const describeState = describeNeighbours(robot);
    expect(describeState(0, "high")).toMatch(/^state high; search: (stays|high) \(0\.8\) or low \(0\.2\), reward 5; wait: stays, reward 1$/);
    expect(describeNeighbours(corridor(3))(1, 1)).toBe("state 1; left: 0; right: 2, reward 1");
  });

  it("tell coordinates, and the map", () => {
    expect(describeCoordinates(layout)(1)).toBe("row 1, column 2; goal: row 3, column 3");
    expect(describeMap(layout)(1)).toBe("map: .A./.#./..G");
  });

  it("go into prompts, and so do examples of a smaller solved model", async () => {
    const examples = examplesFromSolution(await solve(small.mdp), describeCoordinates(layout), { perAction: 1, seed: 3 });
    expect(new Set(examples.map(({ action }) => action)).size).toBe(examples.length);
    const scorer = tableScorer(() => [1, 1, 1, 1]);
    await elicitPrior(small.mdp, {
      scorer,
      describe: describeMap(layout),
      environment: "A is you.",
      goal: "Reach G.",
      actionSpace: "Each moves one cell.",
      task: "Walk.",
      examples,
    });
    const { messages } = scorer.asked[0]?.prompt ?? expect.fail("nothing was asked");
    expect(messages[0]?.content).toBe("Walk. A is you. Reach G. Each moves one cell. Answer with one word: up, down, left or right.");
    expect(messages).toHaveLength(2 + 2 * examples.length);
    expect(messages.at(-1)?.content).toBe("map: A../.#./..G");
  });
});
