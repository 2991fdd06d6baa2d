// Numbers, axes and colours: what people read, and that everybody can.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCount, formatNumber, formatPercent, formatPower, formatSeconds, sameDecimals } from "../../../src/report/format.ts";
import { contrast, inkOn, LINE_COLOURS, sequential } from "../../../src/report/palette.ts";
import { extent, linearScale, logScale } from "../../../src/report/scale.ts";
import { spread } from "../../../src/report/spread.ts";
import { THEMES } from "../../../src/report/theme.ts";
import { thin } from "../../../src/report/thin.ts";

describe("formats", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [-0.5, "−0.5"],
    [0.95099, "0.951"],
    [1234.5, "1235"],
    [12345.6, "12\u202f350"],
    [1e-10, "10⁻¹⁰"],
    [-3.21e-10, "−3.21 × 10⁻¹⁰"],
    [2e7, "2 × 10⁷"],
    [Number.POSITIVE_INFINITY, "∞"],
    [Number.NEGATIVE_INFINITY, "−∞"],
    [Number.NaN, "–"],
  ])("formatNumber(%d) is %s", (x, expected) => expect(formatNumber(x)).toBe(expected));

  it("formats powers, counts, shares and times", () => {
    expect([formatPower(-13), formatPower(0)]).toEqual(["10⁻¹³", "10⁰"]);
    expect([formatCount(1234567), formatCount(999)]).toEqual(["1\u202f234\u202f567", "999"]);
    expect([formatPercent(0.256), formatPercent(0.031), formatPercent(0), formatPercent(1)]).toEqual(["26 %", "3.1 %", "0 %", "100 %"]);
    expect([formatSeconds(2e-5), formatSeconds(0.0123), formatSeconds(12.3)]).toEqual(["20 µs", "12 ms", "12.3 s"]);
  });

  it("gives numbers that stand together the same decimals", () => {
    const format = sameDecimals([0.951, 1]);
    expect([format(0.951), format(1), format(Number.POSITIVE_INFINITY)]).toEqual(["0.9510", "1.0000", "∞"]);
    expect([-13, 0].map(sameDecimals([-13, 0]))).toEqual(["−13", "0"]);
    expect(sameDecimals([0, 0.001])(-0.00001)).toBe("0.0000");
    expect(sameDecimals([])(3)).toBe("3");
  });
});

describe("axes", () => {
  it("put ticks at round numbers that hold the data", () => {
    const scale = linearScale(0, 97, 100, 600, 5);
    expect(scale.ticks.map((tick) => tick.label)).toEqual(["0", "20", "40", "60", "80", "100"]);
    expect([scale(0), scale(50), scale(100)]).toEqual([100, 350, 600]);
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = linearScale(low, high, 0, 1);
        const slack = 1e-6 * (1 + high - low);
        expect(domain[0]).toBeLessThanOrEqual(low + slack);
        expect(domain[1]).toBeGreaterThanOrEqual(high - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it("keep to whole numbers where asked", () => {
    expect(linearScale(2, 2, 0, 1, 7, 1).ticks.map((tick) => tick.value)).toEqual([1, 2, 3]);
    expect(linearScale(5, 5, 0, 1).ticks.length).toBeGreaterThan(2);
  });

  it("put powers of ten at equal distances", () => {
    const scale = logScale(3e-7, 0.9, 700, 0);
    expect(scale.ticks.map((tick) => tick.label)).toEqual(["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]);
    expect(scale(1e-7)).toBeCloseTo(700);
    expect(scale(1e-6)).toBeCloseTo(600);
    const wide = logScale(1e-13, 100, 0, 1);
    expect(wide.ticks.map((tick) => Math.round(Math.log10(tick.value)))).toEqual([-12, -10, -8, -6, -4, -2, 0, 2]);
    expect(logScale(1, 1, 0, 1).domain).toEqual([1, 2]);
  });

  it("begin and end at round numbers over few powers of ten", () => {
    const scale = logScale(6, 300, 0, 1);
    expect(scale.ticks.map((tick) => tick.label)).toEqual(["5", "10", "20", "50", "100", "200", "500"]);
    expect([scale(5), scale(500)]).toEqual([0, 1]);
    expect(scale(50)).toBeCloseTo(0.5, 12);
    // Small numbers keep whole powers, whose labels are short.
    expect(logScale(2e-6, 3e-5, 0, 1).ticks.map((tick) => tick.label)).toEqual(["10⁻⁶", "10⁻⁵", "10⁻⁴"]);
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.double({ min: 1, max: 1e9, noNaN: true }), (low, ratio) => {
        const high = Math.min(low * ratio, 1e300);
        const { domain, ticks } = logScale(low, high, 0, 1);
        expect(domain[0]).toBeLessThanOrEqual(low * (1 + 1e-6));
        expect(domain[1]).toBeGreaterThanOrEqual(high * (1 - 1e-6));
        expect(domain[1]).toBeGreaterThan(domain[0]);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(11);
      }),
    );
  });

  it("find the finite range", () => {
    expect(extent([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
    expect(extent([Number.NaN])).toBeUndefined();
  });
});

describe("spread", () => {
  it("keeps labels apart, in order, near where they want to be and inside", () => {
    expect(spread([{ wanted: 100 }, { wanted: 101 }, { wanted: 250 }], 16, 0, 300).map(({ place }) => place)).toEqual([92.5, 108.5, 250]);
    expect(spread([{ wanted: 300 }, { wanted: 299 }], 20, 0, 300).map(({ item, place }) => [item.wanted, place])).toEqual([
      [299, 280],
      [300, 300],
    ]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { maxLength: 12 }), (wanted) => {
        const places = spread(
          wanted.map((y) => ({ wanted: y })),
          16,
          0,
          300,
        );
        for (const [i, { item, place }] of places.entries()) {
          const next = places[i + 1];
          if (next !== undefined) {
            expect(next.place - place).toBeGreaterThanOrEqual(16 - 1e-9);
            expect(next.item.wanted).toBeGreaterThanOrEqual(item.wanted);
          }
          expect(place).toBeGreaterThanOrEqual(-1e-9);
          expect(place).toBeLessThanOrEqual(300 + 1e-9);
        }
        expect(places).toHaveLength(wanted.length);
      }),
    );
  });
});

describe("thin", () => {
  it("keeps ends and spikes", () => {
    const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 54_321 ? 99 : Math.sin(x / 500) }));
    const kept = thin(points, 500);
    expect(kept.length).toBeLessThanOrEqual(502);
    expect(kept.length).toBeGreaterThan(200);
    expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
    expect(kept.some((point) => point.y === 99)).toBe(true);
    expect(kept.every((point, i) => i === 0 || point.x > (kept[i - 1]?.x ?? 0))).toBe(true);
    expect(thin(points.slice(0, 5), 500)).toEqual(points.slice(0, 5));
  });
});

describe("colours", () => {
  it("give text a contrast of at least 4.5 to 1 in both themes", () => {
    for (const theme of ["light", "dark"] as const) {
      const { page, panel, ink, soft, good, warn } = THEMES[theme];
      for (const text of [ink, soft, good, warn, ...LINE_COLOURS[theme]]) expect(contrast(text, page), `${theme} ${text}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(ink, panel)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("give shapes a contrast of at least 3 to 1 with the cell they stand on", () => {
    for (const theme of ["light", "dark"] as const) {
      const { open, goal, warn } = THEMES[theme];
      for (const colour of [goal, warn, LINE_COLOURS[theme][0] ?? "", LINE_COLOURS[theme][1] ?? ""])
        expect(contrast(colour, open), `${theme} ${colour}`).toBeGreaterThanOrEqual(3);
    }
  });

  it("rise in lightness along the sequential scale, with ink that can be read on each", () => {
    const shares = Array.from({ length: 101 }, (_, i) => i / 100);
    const onBlack = shares.map((share) => contrast(sequential(share), "#000000"));
    for (const [i, light] of onBlack.entries()) expect(light).toBeGreaterThanOrEqual((onBlack[i - 1] ?? 0) - 0.02);
    for (const share of shares) expect(contrast(inkOn(share), sequential(share))).toBeGreaterThanOrEqual(4.5);
    expect([sequential(0), sequential(1), sequential(-1), sequential(Number.NaN)]).toEqual(["#440154", "#fde725", "#440154", sequential(0.5)]);
  });

  it("know the contrast of black and white", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});
