// The style sheet: light and dark, desk and phone, screen and paper. System fonts only, nothing is fetched.
import { LINE_COLOURS } from "./palette.ts";

/** Colours of the page by name, for the two themes. Text on page and panel has a contrast of at least 4.5 to 1. */
export const THEMES = {
  light: {
    page: "#fdfcfa",
    panel: "#f4f1eb",
    ink: "#1c1d21",
    soft: "#5a5c64",
    rule: "#dcd8cf",
    open: "#ece8df",
    wall: "#cbc5b9",
    hatch: "#b3ac9e",
    good: "#006a48",
    warn: "#a63a00",
    goal: "#b07a00",
    ray: "#7b7e88",
  },
  dark: {
    page: "#14161a",
    panel: "#1d2026",
    ink: "#ebe9e4",
    soft: "#a7aab3",
    rule: "#343841",
    open: "#272b33",
    wall: "#3b404a",
    hatch: "#525966",
    good: "#4fd1a5",
    warn: "#ff9d66",
    goal: "#f2c14e",
    ray: "#8b909c",
  },
} as const;

/** The whole style sheet. */
export function theme(): string {
  return `:root{color-scheme:light dark;${variables("light")};
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Book Antiqua",Georgia,serif;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{${variables("dark")}}}
@media print{:root{${variables("light")}}}
${BASE}${FIGURES}${TABLES}${NARROW_PAGE}${PRINT}`;
}

function variables(theme: "light" | "dark"): string {
  const page = Object.entries(THEMES[theme]).map(([name, colour]) => `--${name}:${colour}`);
  const lines = LINE_COLOURS[theme].map((colour, i) => `--line-${i}:${colour}`);
  return [...page, ...lines].join(";");
}

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:400 16px/1.6 var(--sans);-webkit-font-smoothing:antialiased;overflow-wrap:break-word}
main,header,footer{max-width:1040px;margin:0 auto;padding:0 32px}
header{padding-top:72px;padding-bottom:8px}
.eyebrow{margin:0 0 12px;color:var(--soft);font-size:13px;letter-spacing:.09em;text-transform:uppercase}
h1{margin:0;font:600 clamp(32px,5.4vw,52px)/1.1 var(--serif);letter-spacing:-.012em;text-wrap:balance}
h1.long{font-size:clamp(22px,3.6vw,36px)}
h2{margin:0 0 10px;font:600 25px/1.2 var(--serif);letter-spacing:-.005em;text-wrap:balance}
h3{margin:36px 0 10px;font:600 17px/1.35 var(--serif)}
.summary{max-width:44em;margin:18px 0 0;font:400 20px/1.5 var(--serif);color:var(--ink)}
section{display:grid;grid-template-columns:240px minmax(0,1fr);gap:0 56px;padding:48px 0;border-top:1px solid var(--rule)}
.rail p{margin:0 0 12px;color:var(--soft);font-size:14.5px;line-height:1.55}
.body>:first-child{margin-top:0}
.note,.source{margin:14px 0 0;color:var(--soft);font-size:14px;line-height:1.55}
.source::before{content:"";display:inline-block;width:8px;height:8px;margin-right:8px;border:2px solid currentColor;border-radius:50%}
dl{margin:0}
dt{flex:none;color:var(--soft);font-size:13px}
dd{margin:0;min-width:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums lining-nums}
.facts{display:flex;flex-wrap:wrap;gap:6px 28px;margin:22px 0 0}
.facts div{display:flex;min-width:0;gap:8px;align-items:baseline;font-size:14.5px}
.facts dt{font-size:14.5px}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:24px 40px;margin:40px 0 44px}
.key div{display:flex;flex-direction:column-reverse;justify-content:flex-end;gap:4px}
.key dd{font:400 34px/1.15 var(--serif);letter-spacing:-.01em;font-variant-numeric:lining-nums}
.ok{color:var(--good)}
.warn{color:var(--warn)}
td .ok{white-space:nowrap}
details{margin-top:20px;border-top:1px solid var(--rule)}
summary{padding:10px 0;cursor:pointer;font-size:14.5px;color:var(--ink)}
summary:focus-visible{outline:2px solid var(--line-0);outline-offset:2px}
.details-body{padding-bottom:8px}
pre{margin:8px 0;padding:16px;background:var(--panel);border-radius:6px;font:13px/1.55 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere}
q,.said{font-family:var(--mono);font-size:.9em;overflow-wrap:anywhere}
footer{padding-top:32px;padding-bottom:72px;color:var(--soft);font-size:14px}
footer .inner{border-top:1px solid var(--rule);padding-top:24px}
footer .facts{margin-top:0}
`;

const FIGURES = `
.figure svg{display:block;max-width:100%;height:auto;fill:currentColor;font:13px var(--sans)}
.wide{display:block}
.narrow{display:none}
.middle{text-anchor:middle}
.end{text-anchor:end}
.tick{fill:var(--soft);font-size:12.5px;font-variant-numeric:tabular-nums}
.halo{paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}
.number{font-variant-numeric:tabular-nums;font-weight:500}
.small{font-size:12px}
.grid{stroke:var(--rule);stroke-width:1}
.axis{stroke:var(--soft);stroke-width:1}
.level{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:5 4}
${LINE_COLOURS.light.map((_, i) => `.c${i}{--line:var(--line-${i})}`).join("")}
.stroke{fill:none;stroke:var(--line);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.marker{fill:var(--line);stroke:var(--page);stroke-width:1.2}
.marker.hollow{fill:var(--page);stroke:var(--line);stroke-width:2}
.leader{fill:none;stroke:var(--line);stroke-width:1;opacity:.55}
.name{fill:var(--line);font-weight:600;font-size:13px}
.band{fill:var(--line);opacity:.19}
.line:hover .stroke{stroke-width:3.4}
.arrow{fill:none;stroke-linecap:round;stroke-linejoin:round}
.open{fill:var(--open)}
.wall{fill:var(--wall)}
.hatch{stroke:var(--hatch);stroke-width:3}
.goal{fill:var(--goal)}
.danger{fill:none;stroke:var(--warn);stroke-linecap:round}
.hub{fill:var(--soft)}
.ray{fill:var(--page);stroke:var(--ray);stroke-width:1.6}
.ray.optimal{fill:var(--line-0);stroke:var(--line-0)}
.way{fill:none;stroke:var(--line-1);stroke-linejoin:round;stroke-linecap:round}
.badge{fill:var(--page);stroke:var(--line-1);stroke-width:2}
.badge-text{fill:var(--ink);font-size:12.5px;font-weight:600}
.key-line{display:flex;flex-wrap:wrap;gap:6px 22px;margin:14px 0 0;padding:0;list-style:none;color:var(--soft);font-size:13.5px}
.key-line li{display:flex;align-items:center;gap:8px}
.key-line svg{flex:none}
`;

const TABLES = `
.facts+table{margin-top:26px}
.body table+table{margin-top:28px}
table{width:100%;border-collapse:collapse;font-size:14.5px;line-height:1.45}
caption{padding:0 0 8px;text-align:left;color:var(--soft);font-size:13.5px}
th,td{padding:9px 14px 9px 0;text-align:left;vertical-align:baseline;font-weight:400;unicode-bidi:isolate;overflow-wrap:anywhere;min-width:6.5em}
thead th,thead th.num{padding-top:0;white-space:normal;overflow-wrap:break-word;border-bottom:1px solid var(--ink);color:var(--soft);font-size:13px;vertical-align:bottom}
tbody tr{border-bottom:1px solid var(--rule)}
tbody th{font-weight:600}
th.num,td.num{min-width:0;text-align:right;padding-right:0;padding-left:14px;font-variant-numeric:tabular-nums lining-nums;white-space:nowrap}
td.num+td:not(.num),th.num+th:not(.num){padding-left:28px}
.range{display:block;color:var(--soft);font-size:13px}
.even{table-layout:fixed}
.even thead th:first-child{width:28%}
.compact th,.compact td{padding-top:6px;padding-bottom:6px}
.bars tbody tr{border:0}
.bars th,.bars td{min-width:0}
.bars th{width:1%;max-width:14em;padding:4px 14px 4px 0;font-weight:400;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.bars td{padding:4px 0}
.bars td.num{width:1%;padding-left:14px}
.bars td.aside{width:1%;max-width:12em;padding-left:14px;color:var(--soft);overflow-wrap:anywhere}
.bars td.track{min-width:80px}
.track div{position:relative;height:18px}
.bar{position:absolute;top:0;height:100%;min-width:1px;background:var(--line-0);border-radius:2px}
.stack{display:flex;position:absolute;inset:0;border-radius:2px;overflow:hidden;box-shadow:inset 0 0 0 1.5px var(--ray)}
.part{flex:none;padding:0 5px;overflow:hidden;font-size:12px;line-height:18px;white-space:nowrap;box-shadow:inset 1.5px 0 0 var(--ray)}
.part.marked{background:var(--line-0);color:var(--page);box-shadow:inset 1.5px 0 0 var(--page)}
.steps{margin:0;padding:0;list-style:none;counter-reset:step -1}
.steps li{position:relative;padding:12px 0 12px 44px;border-bottom:1px solid var(--rule);font-size:14.5px;line-height:1.5}
.steps .n{position:absolute;left:0;top:12px;min-width:28px;color:var(--soft);font-variant-numeric:tabular-nums}
.steps p{margin:0}
.steps .dim{color:var(--soft)}
.steps .why{margin-top:6px}
.steps details{margin-top:6px;border-top:0}
.steps summary{padding:4px 0;color:var(--soft);font-size:13.5px}
`;

const NARROW_PAGE = `
@media (max-width:860px){
section{grid-template-columns:minmax(0,1fr);gap:18px;padding:36px 0}
}
@media (max-width:639px){
main,header,footer{padding-left:16px;padding-right:16px}
header{padding-top:40px}
.summary{font-size:18px}
.key{grid-template-columns:1fr 1fr;gap:22px 20px;margin:30px 0 34px}
.key dd{font-size:26px}
.wide{display:none}
.narrow{display:block}
.narrow svg{width:100%;max-width:430px}
table:not(.bars) thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table:not(.bars),table:not(.bars) tbody,table:not(.bars) tr,table:not(.bars) tbody th,table:not(.bars) td,table:not(.bars) caption{display:block}
table:not(.bars) tbody tr{padding:10px 0}
table:not(.bars) tbody th{padding:0 0 2px;text-align:left}
table:not(.bars) td,table:not(.bars) td.num+td{display:flex;justify-content:space-between;gap:16px;padding:2px 0;text-align:right}
table:not(.bars) td::before{content:attr(data-label);color:var(--soft);text-align:left;white-space:normal;overflow-wrap:anywhere}
.range{display:inline;margin-left:6px}
.bars th{max-width:8.5em}
}
`;

const PRINT = `
@media print{
body{font-size:11pt}
header{padding-top:0}
section{padding:20px 0}
figure,.figure,table,.steps li{break-inside:avoid}
h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;display:block}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
