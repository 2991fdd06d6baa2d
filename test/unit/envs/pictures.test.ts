// Grids as text and SVG, states in words.
import { describe, expect, test } from "vitest";
import {
  arrowOf,
  cliffWalking,
  describeCell,
  FOUR_MOVES,
  frozenLake,
  GridLayout,
  grid,
  layoutFromRows,
  makeBuiltIn,
  maze,
  renderGridSvg,
  renderGridText,
  renderPolicyText,
  renderValuesText,
  taxi,
} from "../../../src/envs/index.ts";
import { OptionError, ShapeError } from "../../../src/errors.ts";

const layout = maze().grid ?? new GridLayout(0, 0, []);
const values = Float64Array.from({ length: 16 }, (_, s) => (layout.cells[s] === "wall" ? 0 : s / 10));
const actions = layout.cells.map((cell, s) => (cell === "wall" || cell === "goal" ? null : s < 2 ? "right" : "down"));

describe("text", () => {
  test("the map, with the agent and without", () => {
    expect(renderGridText(layout, { agent: 0 })).toBe("A . . .\n# # . #\n. . . .\n# . # G");
    expect(renderGridText(layout, { agent: 10 })).toBe(". . . .\n# # . #\n. . A .\n# . # G");
    expect(renderGridText(layout)).toBe("S . . .\n# # . #\n. . . .\n# . # G");
    expect(maze().render(2)).toBe(". . A .\n# # . #\n. . . .\n# . # G");
    expect(frozenLake().render(15)).toBe(". . . .\n. H . H\n. . . H\nH . . A");
    expect(cliffWalking().render(0).split("\n")[3]).toBe(". C C C C C C C C C C G");
  });

  test("values are aligned", () => {
    expect(renderValuesText(layout, values, { digits: 1 })).toBe("0.0 0.1 0.2 0.3\n  #   # 0.6   #\n0.8 0.9 1.0 1.1\n  # 1.3   # 1.5");
    expect(renderValuesText(new GridLayout(1, 4, ["open", "open", "open", "open"]), [-0.0001, -12.5, Infinity, -Infinity], { digits: 2 })).toBe(
      "  0.00 -12.50      ∞     -∞",
    );
  });

  test("a policy is arrows", () => {
    expect(renderPolicyText(layout, actions)).toBe("→ → ↓ ↓\n# # ↓ #\n↓ ↓ ↓ ↓\n# ↓ # G");
    expect(["up-left", "north", "stay", "pickup", 7, "", "constructor"].map(arrowOf)).toEqual(["↖", "↑", "•", "p", "7", "?", "c"]);
  });

  test("one entry a cell, or it is refused", () => {
    expect(() => renderValuesText(layout, [1, 2])).toThrow(ShapeError);
    expect(() => renderPolicyText(layout, [])).toThrow("actions has 0 entries, expected 16, one a cell.");
    expect(() => new GridLayout(2, 2, ["open"])).toThrow(OptionError);
    expect(() => layoutFromRows("map", [""], {})).toThrow("at least one cell");
    expect(() => layoutFromRows("map", ["x"], {})).toThrow(OptionError);
  });

  test("the taxi's map", () => {
    const lines = taxi()
      .render(((3 * 5 + 1) * 5 + 0) * 4 + 3)
      .split("\n");
    expect(lines).toEqual(["P .|. . .", ". .|. . .", ". . . . .", ".|T .|. .", ".|. .|D ."]);
    expect(
      taxi()
        .render(((4 * 5 + 3) * 5 + 4) * 4 + 3)
        .split("\n")[4],
    ).toBe(".|. .|t .");
  });
});

describe("words", () => {
  test.each([
    [0, "open: right; goal: down, right"],
    [1, "open: left, right; goal: down, right"],
    [8, "open: right; goal: right, down"],
    [2, "open: down, left, right; goal: down, right"],
    [3, "open: left; goal: down"],
    [15, "open: up; goal: here"],
    [4, "a wall"],
  ])("state %d of the seed maze", (state, words) => {
    expect(maze().describe(state)).toBe(words);
  });

  test("dangers are named apart from open ways; the nearest goal counts", () => {
    expect(frozenLake().describe(1)).toBe("open: left, right; hole: down; goal: down, right");
    expect(cliffWalking().describe(36)).toBe("open: up; cliff: right; goal: right");
    expect(describeCell(layoutFromRows("x", ["G..G"], { G: "goal", ".": "open" }), 2, FOUR_MOVES)).toBe("open: left, right; goal: right");
  });

  test.each([
    ["taxi", ((2 * 5 + 1) * 5 + 2) * 4 + 1, "passenger: 2 south, 1 west; destination: 2 north, 3 east; open: south, north, east, west"],
    ["taxi", ((4 * 5 + 3) * 5 + 4) * 4 + 3, "passenger: in the taxi; destination: here; open: north, east"],
    ["windy-gridworld", 30, "goal: 7 right; wind here: 0 up; rows above: 3, below: 3"],
    ["gridworld", 6, "A (pays 10): 1 up; B (pays 5): 1 up, 2 right; open: up, down, left, right"],
    ["jacks-car-rental", 3 * 21 + 5, "first site: 3 cars; second site: 5 cars; each holds at most 20"],
    ["gambler", 37, "capital: 37 of 100; largest stake: 37"],
    ["recycling-robot", 1, "battery: low"],
    ["random-walk", 2, "left end: 2 steps; right end: 4 steps"],
    ["inventory", 1, "in stock: 1 of 3; room for 2 more"],
    ["chain", 13, "at b3 of 10"],
  ])("%s, state %d", (name, state, words) => {
    expect(makeBuiltIn(name).describe(state)).toBe(words);
  });
});

describe("SVG", () => {
  const svg = renderGridSvg(layout, { values, actions, agent: 0, title: 'V & "policy" <1>' });

  test("is one well-formed element that scales", () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]* viewBox="0 0 160 160"/);
    const open: string[] = [];
    for (const [, closing, name, selfClosing] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (closing === "/") expect(open.pop()).toBe(name);
      else if (selfClosing !== "/") open.push(name ?? "");
    }
    expect(open).toEqual([]);
    expect(svg).not.toContain("NaN");
    expect(svg).not.toContain("undefined");
    expect(svg).toContain("V &#38; &#34;policy&#34; &#60;1&#62;");
  });

  test("heat runs from the least to the greatest value of the open cells, in CSS variables for light and dark", () => {
    const opacities = [...svg.matchAll(/--mdpkit-heat\)" fill-opacity="([\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...opacities)).toBe(0.04);
    expect(Math.max(...opacities)).toBe(0.6);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg.match(/fill="var\(--mdpkit-wall\)"/g)).toHaveLength(4); // two of the five walls are neighbours and share one
    expect(svg.match(/fill="var\(--mdpkit-goal\)"/g)).toHaveLength(1);
  });

  test("heat is relative: equal distances, equal shades", () => {
    const row = renderGridSvg(new GridLayout(1, 3, ["open", "open", "open"]), { values: [10, 15, 20] });
    expect([...row.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, x]) => Number(x))).toEqual([0.04, expect.closeTo(0.32, 1), 0.6]);
  });

  test("one arrow for each action but the agent's cell, one number for each open cell", () => {
    expect(svg.match(/class="arrow"/g)).toHaveLength(actions.filter((a) => a !== null).length - 1);
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(svg).toContain("translate(60 15)rotate(0)");
    expect(svg).toContain(">0.10</text>");
    expect([...svg.matchAll(/<text x/g)]).toHaveLength(10);
    expect(renderGridSvg(layout, { actions })).toContain("translate(60 20)rotate(0)");
  });

  test("values that are all the same, infinite or not there", () => {
    const row = new GridLayout(1, 3, ["open", "open", "open"]);
    expect(renderGridSvg(row, { values: [2, 2, 2] })).toMatch(/width="120" height="40" fill="var\(--mdpkit-heat\)" fill-opacity="0\.3/);
    expect(renderGridSvg(row, { values: [1, Infinity, Number.NaN] })).toContain("∞");
    expect(renderGridSvg(row)).not.toContain('mdpkit-heat)"');
    expect(() => renderGridSvg(row, { values: [1] })).toThrow(ShapeError);
    expect(() => renderGridSvg(row, { actions: ["up"] })).toThrow(ShapeError);
  });

  test("labels that are no directions are written out, escaped", () => {
    expect(renderGridSvg(new GridLayout(1, 1, ["open"]), { actions: ["<x"] })).toContain("&#60;x</text>");
  });

  test("a large grid stays small: neighbours of one shade are one rectangle, nothing is written into cells", () => {
    const { grid: large } = grid({ rows: 300, columns: 300, walls: 0.2 });
    if (large === undefined) throw new Error("no grid");
    const picture = renderGridSvg(large, { values: new Float64Array(90_000).fill(1), actions: large.cells.map(() => "up") });
    expect(picture).not.toContain("<text");
    expect(picture).not.toContain('class="arrow"');
    expect(picture.match(/<rect/g)?.length).toBeLessThan(40_000);
  });
});
