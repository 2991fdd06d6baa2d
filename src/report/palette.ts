// Colours: a sequential scale that colour-blind readers can read, ink that stands out on it, and line colours for two themes.

type Rgb = readonly [number, number, number];

const DARKEST: Rgb = [0x44, 0x01, 0x54];

/** Viridis (van der Walt & Smith, 2015; CC0), eleven points: rising lightness, safe for all common colour blindness. */
const VIRIDIS: readonly Rgb[] = [
  DARKEST,
  [0x48, 0x24, 0x75],
  [0x41, 0x44, 0x87],
  [0x35, 0x5f, 0x8d],
  [0x2a, 0x78, 0x8e],
  [0x21, 0x91, 0x8c],
  [0x22, 0xa8, 0x84],
  [0x44, 0xbf, 0x70],
  [0x7a, 0xd1, 0x51],
  [0xbd, 0xdf, 0x26],
  [0xfd, 0xe7, 0x25],
];

/** The colour of a share from 0 (darkest) to 1 (lightest). */
export function sequential(share: number): string {
  return hex(sequentialRgb(share));
}

/** Black or white, whichever stands out more on the sequential colour of a share: at least 4.5 to 1. */
export function inkOn(share: number): "#000000" | "#ffffff" {
  const light = luminance(sequentialRgb(share));
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

/** Line colours, after Okabe & Ito's set for colour-blind readers, darkened or lightened to stand out on the page. */
export const LINE_COLOURS: { readonly light: readonly string[]; readonly dark: readonly string[] } = {
  light: ["#0063a0", "#b84a00", "#00734f", "#9a3d80", "#7a5c00", "#4b5563"],
  dark: ["#62b8ee", "#ff9457", "#38c99d", "#e79fcb", "#e6bf4f", "#b4bac4"],
};

/** The contrast of two colours `#rrggbb` by WCAG 2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(parseHex(a)), luminance(parseHex(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function sequentialRgb(share: number): Rgb {
  const at = Math.min(1, Math.max(0, Number.isNaN(share) ? 0.5 : share)) * (VIRIDIS.length - 1);
  const i = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [a = DARKEST, b = DARKEST] = VIRIDIS.slice(i, i + 2);
  const mix = (k: 0 | 1 | 2): number => Math.round(a[k] + (b[k] - a[k]) * (at - i));
  return [mix(0), mix(1), mix(2)];
}

function luminance([r, g, b]: Rgb): number {
  const linear = (channel: number): number => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

function parseHex(colour: string): Rgb {
  const n = Number.parseInt(colour.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}
