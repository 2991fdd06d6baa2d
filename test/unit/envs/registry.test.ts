// Built-ins by name: every specification of the command-line contract, and every way to get one wrong.
import { describe, expect, test } from "vitest";
import { builtInHelp, builtIns, isBuiltIn, makeBuiltIn } from "../../../src/envs/index.ts";
import { OptionError } from "../../../src/errors.ts";
import { checkMdp, type Storage } from "../../../src/mdp/index.ts";

describe("the contract's built-ins", () => {
  test.each([
    ["maze", 16, 0.99],
    ["maze:0000/1101/0000/1010", 16, 0.99],
    ["grid:30x30,slip=0.2,walls=0.2,seed=1", 900, 0.99],
    ["frozen-lake:4x4", 16, 0.99],
    ["frozen-lake:8x8", 64, 0.99],
    ["frozen-lake:4x4,slippery=false", 16, 0.99],
    ["cliff-walking", 48, 1],
    ["taxi", 500, 0.99],
    ["gambler:p=0.4", 101, 1],
    ["jacks-car-rental", 441, 0.9],
    ["forest:10", 10, 0.96],
    ["recycling-robot", 2, 0.9],
    ["garnet:states=1000,actions=10,branches=10,seed=1", 1000, 0.99],
    ["windy-gridworld", 70, 1],
    ["windy-gridworld:moves=9", 70, 1],
    ["random-walk:5", 7, 1],
    ["random-walk:states=19,left=-1", 21, 1],
    ["gridworld:4.1", 16, 1],
    ["inventory:capacity=20,mean=5", 21, 0.99],
    ["chain:20,p=0.7", 41, 1],
  ])("%s has %d states and discount %d", (spec, states, discount) => {
    const { mdp } = makeBuiltIn(spec);
    expect(mdp.stateCount).toBe(states);
    expect(mdp.discount).toBe(discount);
    expect(mdp.objective).toBe("maximize");
  });

  test.each(builtIns.map(({ name }) => name))("%s says its specification in full, which makes it again", (name) => {
    const builtIn = makeBuiltIn(name);
    const again = makeBuiltIn(builtIn.spec);
    expect(again.spec).toBe(builtIn.spec);
    const bytes = ({ target, probability, reward }: Storage) => [target, probability, reward].map(({ buffer }) => Buffer.from(buffer));
    for (const [k, part] of bytes(builtIn.mdp.storage).entries()) expect(bytes(again.mdp.storage)[k]?.equals(part)).toBe(true);
  });

  test.each(builtIns.map(({ name }) => name))("%s: rows sum to 1, states have words and a picture, grids a cell a state", (name) => {
    const { mdp, grid, describe, render, task } = makeBuiltIn(name);
    expect(checkMdp(mdp).total).toBe(0);
    for (const s of [0, Math.floor(mdp.stateCount / 2), mdp.stateCount - 1]) {
      expect(describe(s)).toMatch(/^\S.*\S$/);
      expect(render(s)).not.toBe("");
    }
    expect(task).toMatch(/\.$/);
    if (grid !== undefined) expect(grid.cells).toHaveLength(mdp.stateCount);
  });

  test("the help names each with its arguments", () => {
    const help = builtInHelp();
    for (const { name, usage } of builtIns) {
      expect(usage.startsWith(name)).toBe(true);
      expect(help).toContain(`${usage}\n`);
    }
  });

  test("isBuiltIn looks at the name alone", () => {
    expect(["maze", "maze:junk", "garnet:states=1"].map(isBuiltIn)).toEqual([true, true, true]);
    expect(["mazes", "maze.json", "./maze", ""].map(isBuiltIn)).toEqual([false, false, false, false]);
  });
});

describe("what is refused", () => {
  test.each([
    ["mazee", /built-in is "mazee", expected one of maze, .*did you mean maze\?/],
    ["frozenlake", /did you mean frozen-lake\?/],
    ["", /built-in is ""/],
    ["maze:", /argument 1 of maze is "", expected maze\[:ROWS\]/],
    ["maze:01/0", /maze: row 2 is "0", expected 2 cells/],
    ["maze:0a", /maze: row 1, column 2 is "a", expected one of 0, 1, S, G/],
    ["maze:11", /without an open cell for the goal/],
    ["maze:10", /without an open cell for the start/],
    ["maze:SS0", /the number of S in maze is 2, expected at most 1/],
    ["maze:00,size=3", /an argument of maze is "size", expected one of slip/],
    ["maze:00,slip=2", /maze: slip is 2, expected a number from 0 to 1/],
    ["grid:30", /grid: size is "30", expected ROWSxCOLUMNS/],
    ["grid:0x3", /grid: rows is 0, expected an integer from 1/],
    ["grid:1x1", /the number of cells of grid is 1, expected at least 2/],
    ["grid:3x3,slip=1.5", /grid: slip is 1.5, expected a number from 0 to 1/],
    ["grid:3x3,slip=-0.1", /grid: slip is -0.1/],
    ["grid:3x3,slip=some", /grid: slip is "some", expected a number/],
    ["grid:3x3,slp=0.1", /an argument of grid is "slp", expected one of slip, walls, seed\. Hint: did you mean slip\?/],
    ["grid:slip=0.1,3x3", /argument 2 of grid is "3x3", expected key=value/],
    ["grid:3x3,slip=0.1,slip=0.2", /slip once/],
    ["grid:3x3,", /argument 2 of grid is ""/],
    ["grid:3x3,=2", /argument 2 of grid is "=2"/],
    ["grid:20x20,walls=0.9", /grid: walls is 0.9, expected few enough walls/],
    ["grid:2000x2000,walls=0.9", /one of 10 draws/],
    ["frozen-lake:5x5", /row 1, column 1 is "5", expected one of S, F, H, G/],
    ["frozen-lake:constructor", /row 1, column 1 is "c"/],
    ["frozen-lake:FFFG", /the number of S in frozen-lake is 0, expected 1/],
    ["frozen-lake:4x4,slippery=no", /slippery is "no", expected true or false/],
    ["gambler:0.4", /gambler: first argument is "0.4", expected key=value/],
    ["gambler:p=1.01", /gambler: p is 1.01, expected a number from 0 to 1/],
    ["gambler:p=NaN", /gambler: p is "NaN", expected a number/],
    ["gambler:goal=1", /gambler: goal is 1, expected an integer from 2/],
    ["taxi:4x4", /taxi: first argument is "4x4"/],
    ["forest:1", /forest: states is 1, expected an integer from 2/],
    ["forest:10,states=3", /forest: states is "3", expected nothing: 10 gives it already/],
    ["garnet:states=0", /garnet: states is 0/],
    ["garnet:states=1.5", /garnet: states is 1.5, expected an integer/],
    ["garnet:states=3,branches=5", /garnet: branches is 5, expected an integer from 1 to 3/],
    ["windy-gridworld:moves=5", /moves is 5, expected 4, 8 or 9/],
    ["gridworld:5", /gridworld: example is "5"/],
    ["random-walk:0", /random-walk: states is 0/],
    ["inventory:mean=-1", /inventory: mean is -1/],
  ])("%s", (spec, message) => {
    expect(() => makeBuiltIn(spec)).toThrow(OptionError);
    expect(() => makeBuiltIn(spec)).toThrow(message);
  });

  test.each([
    ["grid:100000x100000", /the number of states of grid is 10000000000, expected at most 2147483646/],
    ["grid:30000x30000", /the number of choices of grid/],
    ["grid:20000x20000,slip=0.1", /the number of branches of grid/],
    ["garnet:states=1000000,actions=100,branches=100", /the number of branches of garnet/],
    ["garnet:states=1e9,actions=10", /the number of choices of garnet/],
    ["gambler:goal=1000000", /the number of choices of gambler/],
    ["inventory:capacity=100000", /the number of (choices|branches) of inventory/],
    ["forest:2000000000", /forest: states is 2000000000/],
    ["random-walk:2000000000", /the number of branches of random-walk/],
  ])("%s, before anything is allocated", (spec, message) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => makeBuiltIn(spec)).toThrow(message);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});
