// The figures: numbers land where they should, ties and ends are drawn as such, phones get a figure of their own.
import { describe, expect, it } from "vitest";
import { barChart, stackedBars } from "../../../src/report/bar-chart.ts";
import { heatMap } from "../../../src/report/heat-map.ts";
import { lineChart } from "../../../src/report/line-chart.ts";
import { sequential } from "../../../src/report/palette.ts";
import { pathMap } from "../../../src/report/path-map.ts";
import { priorMap } from "../../../src/report/prior-map.ts";
import type { GridPicture, StateValue } from "../../../src/report/report-data.ts";
import { NARROW, responsive, WIDE } from "../../../src/report/responsive.ts";
import { element } from "../../../src/report/svg.ts";
import { tagsOf } from "./markup-check.ts";

const wide = { id: "f", width: WIDE, narrow: false };
const narrow = { id: "f", width: NARROW, narrow: true };
const count = (html: string, pattern: RegExp): number => [...html.matchAll(pattern)].length;

const grid: GridPicture = { rows: 2, columns: 3, cells: ["start", "open", "wall", "open", "hole", "goal"] };
const states: StateValue[] = [
  { state: 0, name: "a", value: 1, actions: ["right"] },
  { state: 1, name: "b", value: 3, actions: ["down", "left"] },
  { state: 3, name: "d", value: 2, actions: ["jump"] },
  { state: 4, name: "e", value: 0, actions: ["up", "down", "left", "right"] },
  { state: 5, name: "f", value: 0, actions: [], terminal: true },
];

describe("heatMap", () => {
  const { html } = heatMap(wide, grid, states);

  it("colours from the least to the greatest value of the states that go on", () => {
    tagsOf(html);
    for (const share of [0, 1, 0.5])
      expect(html).toContain(
        `<rect x="${share === 0 ? 1 : share === 1 ? 133 : 1}" y="${share === 0.5 ? 133 : 1}" width="130" height="130" rx="4" fill="${sequential(share)}">`,
      );
    // The hole that nothing is left to be had from and the goal are ends: no colour, no number, no arrow, but a mark.
    expect(count(html, /class="open"/g)).toBe(2);
    expect(count(html, /class="danger"/g)).toBe(1);
    expect(count(html, /class="goal"/g)).toBe(1);
    expect(count(html, /class="middle number"/g)).toBe(3);
  });

  it("draws one arrow an action, a name where an action points nowhere, and hatches walls", () => {
    expect(count(html, /class="arrow"/g)).toBe(3);
    expect(html).toContain(">jump</text>");
    expect(html).toContain('fill="url(#f-hatch)"');
    expect(html).toContain("<title>b: value 3, down or left</title>");
  });

  it("draws no value where a state is terminal, whatever its cell is", () => {
    const ended: StateValue[] = [
      { state: 0, name: "a", value: 4, actions: ["right"] },
      { state: 1, name: "b", value: 5, actions: ["right"] },
      { state: 3, name: "d", value: 0, actions: [], terminal: true },
    ];
    const drawn = heatMap(wide, grid, ended).html;
    expect(count(drawn, /class="middle number"/g)).toBe(2);
    expect(drawn).toContain("values from 4 to 5");
    expect(drawn).toContain("<title>d: episodes end here</title>");
  });

  it("takes the directions it is told", () => {
    const told = heatMap(wide, { ...grid, directions: { jump: "up" } }, states).html;
    expect(count(told, /class="arrow"/g)).toBe(1);
    expect(told).not.toContain(">jump</text>");
  });

  it("fits a phone, and leaves numbers out where cells are too small", () => {
    const row: GridPicture = { rows: 1, columns: 20, cells: new Array(20).fill("open") };
    const many = row.cells.map((_, s): StateValue => ({ state: s, name: `${s}`, value: s, actions: ["right"] }));
    const phone = heatMap(narrow, row, many).html;
    expect(phone).toContain(`viewBox="0 0 ${NARROW} `);
    expect(count(phone, /class="middle number"/g)).toBe(0);
    expect(count(phone, /class="arrow"/g)).toBe(20);
  });

  it("stands all equal, infinite and missing values", () => {
    tagsOf(heatMap(wide, grid, states.slice(0, 1)).html);
    const infinite = heatMap(wide, grid, [{ state: 0, name: "a", value: Number.POSITIVE_INFINITY, actions: [] }]).html;
    expect(infinite).toContain(">∞</text>");
    expect(infinite).toContain("no finite values");
    expect(infinite).not.toContain("NaN");
  });

  it("maps states to cells as it is told", () => {
    const shifted = heatMap(wide, { rows: 1, columns: 2, cells: ["open", "open"], states: [null, 0] }, [
      { state: 0, name: "only", value: 5, actions: ["up"] },
    ]).html;
    expect(shifted).toContain('<rect x="133" y="1" width="130" height="130" rx="4" fill="#');
  });
});

describe("lineChart", () => {
  const chart = { title: "t", description: "d", xLabel: "sweeps", yLabel: "gap", yScale: "log" as const };
  const strokes = (html: string): number[][] =>
    [...html.matchAll(/<path class="stroke" d="([^"]*)"/g)].map((match) =>
      (match[1] ?? "")
        .split(/[ML ]+/)
        .filter(Boolean)
        .map(Number),
    );

  it("draws a geometric fall as a straight line on the log axis", () => {
    const x = [0, 1, 2, 3, 4];
    const { html } = lineChart(wide, { ...chart, lines: [{ name: "vi", x, y: x.map((k) => 10 ** (-k * 2)) }] });
    tagsOf(html);
    const [points = []] = strokes(html);
    const ys = points.filter((_, i) => i % 2 === 1);
    const steps = ys.slice(1).map((y, i) => y - (ys[i] ?? 0));
    expect(ys).toHaveLength(5);
    for (const step of steps) expect(step).toBeCloseTo(steps[0] ?? 0, 1);
    expect(steps[0]).toBeGreaterThan(0);
    expect(html).toContain(">10⁻⁸</text>");
  });

  it("leaves out what an axis cannot show, and says so when nothing is left", () => {
    const { html } = lineChart(wide, { ...chart, lines: [{ name: "a", x: [1, 2, 3, 4], y: [1, 0, Number.POSITIVE_INFINITY, 0.1] }] });
    expect(strokes(html)[0]).toHaveLength(4);
    expect(html).not.toMatch(/NaN|Infinity/);
    expect(lineChart(wide, { ...chart, lines: [{ name: "a", x: [1], y: [0] }] }).html).toContain("nothing to draw");
    expect(lineChart(wide, { ...chart, lines: [] }).html).toContain("nothing to draw");
  });

  it("names each line once, at its end on a desk and above on a phone, without overlaps", () => {
    const lines = ["one", "two", "three"].map((name) => ({ name, x: [0, 10], y: [1, 1e-6] }));
    for (const canvas of [wide, narrow]) {
      const { html } = lineChart(canvas, { ...chart, lines });
      const heights = [...html.matchAll(/<text class="name[^"]*" x="[\d.]+" y="([\d.]+)">(\w+)<\/text>/g)]
        .map((match) => Number(match[1]))
        .sort((a, b) => a - b);
      expect(heights).toHaveLength(3);
      for (const [i, y] of heights.slice(1).entries()) expect(y - (heights[i] ?? 0)).toBeGreaterThanOrEqual(16.99);
    }
  });

  it("tells lines apart by more than colour", () => {
    const lines = ["a", "b", "c", "d"].map((name, i) => ({ name, x: [0, 1], y: [1, i + 2] }));
    const { html } = lineChart(wide, { ...chart, yScale: "linear", lines });
    const shapes = [...html.matchAll(/<(circle|rect|path) class="marker"/g)].map((match) => match[1]);
    expect(new Set(shapes).size).toBe(3);
  });

  it("draws the band between low and high, and the level", () => {
    const { html } = lineChart(wide, {
      ...chart,
      yScale: "linear",
      lines: [{ name: "q", x: [0, 1], y: [5, 5], low: [0, 0], high: [10, 10] }],
      level: { name: "best", value: 10 },
    });
    const band = /<path class="band c0" d="([^"]*)"/.exec(html)?.[1] ?? "";
    const numbers = band
      .split(/[MLZ ]+/)
      .filter(Boolean)
      .map(Number);
    const ys = numbers.filter((_, i) => i % 2 === 1);
    // Highest on top, and back along the lowest.
    expect(ys).toEqual([30, 30, 320, 320]);
    const xs = numbers.filter((_, i) => i % 2 === 0);
    expect(xs).toEqual([xs[0], xs[1], xs[1], xs[0]]);
    expect(xs[1]).toBeGreaterThan(xs[0] ?? 0);
    expect(html).toMatch(/<line class="level" x1="[\d.]+" x2="[\d.]+" y1="30" y2="30">/);
  });
});

describe("bars", () => {
  it("are as long as their values, from zero, to the left where negative", () => {
    const { html } = barChart("c", [
      { name: "a", value: 3 },
      { name: "b", value: -1, note: "wait" },
    ]);
    tagsOf(html);
    expect(html).toContain('style="left:25.00%;width:75.00%"');
    expect(html).toContain('style="left:0.00%;width:25.00%"');
    expect(html).toContain(">−1</td>");
    expect(html).toContain(">wait</td>");
    expect(barChart("c", [{ name: "a", value: 0 }]).html).toContain("width:0.00%");
    expect(barChart("c", [{ name: "a", value: Number.POSITIVE_INFINITY }]).html).not.toMatch(/NaN|Infinity/);
  });

  it("stack shares, the marked ones first", () => {
    const { html } = stackedBars("c", [
      {
        name: "s",
        parts: [
          { name: "wrong", share: 0.25, marked: false },
          { name: "right", share: 0.75, marked: true },
        ],
        note: "75 %",
      },
    ]);
    expect(html.indexOf("right")).toBeLessThan(html.indexOf("wrong"));
    expect(html).toContain('<span class="part marked" style="width:75.00%"');
    expect(html).toContain('<span class="part" style="width:25.00%"');
  });
});

describe("priorMap and pathMap", () => {
  it("draw a bar an action, filled where optimal, as long as it is probable", () => {
    const { html } = priorMap(wide, grid, [
      {
        state: 0,
        name: "a",
        actions: [
          { action: "right", probability: 0.75, optimal: true },
          { action: "down", probability: 0.25, optimal: false },
          { action: "up", probability: 0, optimal: false },
        ],
      },
    ]);
    tagsOf(html);
    const widths = (style: string): number[] =>
      [...html.matchAll(new RegExp(`<rect class="${style}" [^>]*width="([\\d.]+)"`, "g"))].map((match) => Number(match[1]));
    expect(widths("ray optimal")).toHaveLength(1);
    expect(widths("ray")).toHaveLength(1);
    expect((widths("ray optimal")[0] ?? 0) / (widths("ray")[0] ?? 1)).toBeCloseTo(3, 2);
    expect(html).toContain("optimal in 1 of 1 states");
    expect(html).toContain("<title>a: right 75 % (optimal), down 25 %, up 0 %</title>");
  });

  it("draw the way through the cells with the steps' numbers", () => {
    const steps = [
      { step: 0, state: 0, next: 1, action: "right", reward: 0 },
      { step: 1, state: 1, next: 1, action: "right", reward: 0 },
      { step: 2, state: 1, next: 0, action: "left", reward: 0 },
    ];
    const { html } = pathMap(wide, grid, steps);
    tagsOf(html);
    expect(html).toContain('class="way" d="M 52 52 L 156 52 L 52 52"');
    expect(html).toContain(">0 3</text>");
    expect(html).toContain(">1 2</text>");
    expect(html).toContain("3 steps, through 2 different cells");
    tagsOf(pathMap(wide, grid, []).html);
  });
});

describe("responsive", () => {
  it("draws for both widths under ids of their own", () => {
    const seen: string[] = [];
    const { html } = responsive("x", ({ id, width }) => {
      seen.push(`${id}:${width}`);
      return element("i");
    });
    expect(seen).toEqual([`x-wide:${WIDE}`, `x-narrow:${NARROW}`]);
    expect(html).toContain('<div class="narrow">');
    // A phone of 375 px with margins of 16.
    expect(NARROW).toBe(375 - 2 * 16);
  });
});
