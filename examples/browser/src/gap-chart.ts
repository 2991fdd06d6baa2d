// The gap by sweep, on a logarithmic axis, with a line at what was asked for.
import { countText, gapText, raised } from "./numbers.ts";
import type { GapAt } from "./protocol.ts";

const WIDTH = 320;
const HEIGHT = 128;
const LEFT = 34;
const BOTTOM = 20;
const TOP = 8;
const RIGHT = 8;

/** The axis runs over these powers of ten. */
const HIGHEST = 3;
const LOWEST = -8;

/**
 * An SVG picture of the gaps so far.
 *
 * @param gaps gaps, by rising number of sweeps.
 * @param asked the gap that ends the sweeps.
 */
export function gapChart(gaps: readonly GapAt[], asked: number): string {
  const last = gaps.at(-1);
  const sweeps = Math.max(10, last?.sweep ?? 0);
  const x = (sweep: number) => (LEFT + ((WIDTH - LEFT - RIGHT) * sweep) / sweeps).toFixed(1);
  const y = (gap: number) => {
    const power = Math.min(HIGHEST, Math.max(LOWEST, Math.log10(gap)));
    return (TOP + ((HEIGHT - TOP - BOTTOM) * (HIGHEST - power)) / (HIGHEST - LOWEST)).toFixed(1);
  };
  const ticks = [2, 0, -2, -4, -6, -8].map((power) => {
    const at = y(10 ** power);
    return `<path class="grid" d="M${LEFT} ${at}H${WIDTH - RIGHT}"/><text class="tick end" x="${LEFT - 6}" y="${at}" dy="4">10${raised(power)}</text>`;
  });
  const end = last === undefined ? "" : `<circle class="dot" cx="${x(last.sweep)}" cy="${y(last.gap)}" r="3.5"/>`;
  const says = last === undefined ? "No sweep yet." : `After ${countText(last.sweep, "sweep")} the gap is ${gapText(last.gap)}.`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="The gap by sweep. ${says}">`,
    ...ticks,
    `<path class="asked" d="M${LEFT} ${y(asked)}H${WIDTH - RIGHT}"/>`,
    `<polyline class="gaps" points="${gaps.map(({ sweep, gap }) => `${x(sweep)},${y(gap)}`).join(" ")}"/>`,
    end,
    `<text class="tick" x="${LEFT}" y="${HEIGHT - 4}">sweeps: 0</text><text class="tick end" x="${WIDTH - RIGHT}" y="${HEIGHT - 4}">${sweeps}</text>`,
    "</svg>",
  ].join("");
}
