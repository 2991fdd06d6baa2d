// The page: what the maze, the buttons and the solver say to each other.
import { facts, type Proof, statusText } from "./certificate.ts";
import { element, fillFacts, onClick } from "./elements.ts";
import { gapChart } from "./gap-chart.ts";
import { heatOf } from "./heat.ts";
import { Machine } from "./machine.ts";
import { MazeGrid } from "./maze-grid.ts";
import { gapText, valueText } from "./numbers.ts";
import { EPSILON, type GapAt } from "./protocol.ts";
import { type Brush, edited, randomMaze, type Setting, withoutWalls } from "./setting.ts";
import { Solver } from "./solver.ts";
import { Stroll } from "./stroll.ts";

/** After an edit the maze is solved anew when so many milliseconds have passed without another one. */
const PATIENCE = 40;

/** The first sweeps are shown this long each, in milliseconds, later ones shorter. */
const SLOWEST = 130;
const QUICKEST = 25;

const solver = new Solver();
const machine = new Machine(() => change(setting));
const grid = new MazeGrid(element("maze", HTMLElement), { edit, look });
const stroll = new Stroll(grid, () => proof?.answer);
const [slip, discount] = [element("slip", HTMLInputElement), element("discount", HTMLInputElement)];
const size = element("size", HTMLSelectElement);
const watchButton = onClick("watch", () => (playing ? stop() : void play()));

let seed = 9;
let setting: Setting = { ...randomMaze(Number(size.value), seed), slip: slip.valueAsNumber, discount: discount.valueAsNumber };
let proof: Proof | undefined;
let gaps: GapAt[] = [];
let playing = false;
/** Counts what was begun: an answer to what is no longer wanted is dropped. */
let begun = 0;

onClick("sweep", () => {
  stop();
  void sweepOnce();
});
onClick("solve", () => void solveAll());
onClick("new", () => change({ ...setting, ...randomMaze(Number(size.value), ++seed) }));
onClick("clear", () => change(withoutWalls(setting)));
size.addEventListener("change", () => change({ ...setting, ...randomMaze(Number(size.value), seed) }));
for (const slider of [slip, discount]) {
  slider.addEventListener("input", () => change({ ...setting, slip: slip.valueAsNumber, discount: discount.valueAsNumber }));
}

function edit(state: number, brush?: Brush): void {
  const chosen = document.querySelector<HTMLInputElement>("input[name=brush]:checked")?.value;
  const next = edited(setting, state, brush ?? (chosen === "goal" || chosen === "start" ? chosen : "wall"));
  if (next !== setting) change(next);
}

/** Another maze, or another machine: what was proven holds no more. */
function change(next: Setting): void {
  setting = next;
  stop();
  forget();
  grid.show(setting);
  stroll.begin(setting);
  showSliders();
  const wanted = begun;
  setTimeout(() => {
    if (begun === wanted) void solveAll();
  }, PATIENCE);
}

function forget(): void {
  begun++;
  proof = undefined;
  gaps = [];
}

function stop(): void {
  playing = false;
  watchButton.textContent = "Watch sweeps";
}

/** Sweep after sweep, from where a pause left off or from nothing. */
async function play(): Promise<void> {
  if (!goesOn()) restart();
  playing = true;
  watchButton.textContent = "Pause";
  for (let wait = SLOWEST; playing; wait = Math.max(QUICKEST, 0.97 * wait)) {
    const more = await sweepOnce();
    if (!more) break;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  stop();
}

/** Whether there are watched sweeps that have not come to their end. */
function goesOn(): boolean {
  return proof?.watched === true && proof.answer.status !== "converged";
}

function restart(): void {
  forget();
  grid.clear();
}

/** One sweep more; true where another one is wanted. */
async function sweepOnce(): Promise<boolean> {
  if (!goesOn()) restart();
  const wanted = begun;
  const before = proof;
  try {
    const answer = await solver.perform({ kind: "sweep", setting, ...machine.choice, from: before?.answer.lower });
    if (begun !== wanted || proof !== before) return false;
    proof = { answer, sweeps: (before?.sweeps ?? 0) + answer.sweeps, seconds: (before?.seconds ?? 0) + answer.seconds, watched: true };
    gaps.push({ sweep: proof.sweeps, gap: answer.gap });
    showProof(proof);
    return answer.status === "max-sweeps";
  } catch (error) {
    showFailure(error);
    return false;
  }
}

async function solveAll(): Promise<void> {
  stop();
  forget();
  const wanted = begun;
  try {
    const answer = await solver.perform({ kind: "solve", setting, ...machine.choice });
    if (begun !== wanted) return;
    proof = { answer, sweeps: answer.sweeps, seconds: answer.seconds, watched: false };
    gaps = [...answer.gaps];
    showProof(proof);
  } catch (error) {
    showFailure(error);
  }
}

function showProof(shown: Proof): void {
  const { lower, upper, moves, gap } = shown.answer;
  const start = setting.cells.indexOf("start");
  const { heat, least, most } = heatOf(lower, setting.cells);
  grid.paint({
    heat,
    moves: moves.map((move, state) => (Number.isNaN(heat[state]) ? null : move)),
    worth: (state) => (moves[state] === null ? "" : `worth ${valueText(lower[state] ?? 0, gap)} to ${valueText(upper[state] ?? 0, gap)}, move ${moves[state]}`),
    number: (state) => (Number.isNaN(heat[state]) ? "" : (lower[state] ?? 0).toFixed(2).replace(/^0/, "")),
  });
  element("cold", HTMLElement).textContent = `worth ${least.toFixed(3)}`;
  element("hot", HTMLElement).textContent = most.toFixed(3);
  element("status", HTMLElement).textContent = statusText(shown, start);
  fillFacts(element("facts", HTMLElement), facts(shown, start));
  element("gaps", HTMLElement).innerHTML = gapChart(gaps, 2 * EPSILON);
}

function showFailure(error: unknown): void {
  forget();
  grid.clear();
  fillFacts(element("facts", HTMLElement), []);
  element("gaps", HTMLElement).innerHTML = gapChart(gaps, 2 * EPSILON);
  element("status", HTMLElement).textContent = error instanceof Error ? error.message : String(error);
}

function showSliders(): void {
  element("slip-text", HTMLOutputElement).value = `${Math.round(100 * setting.slip)}%`;
  element("discount-text", HTMLOutputElement).value = setting.discount.toFixed(3);
}

/** What is proven of the cell that is pointed at. */
function look(state: number | undefined): void {
  const line = element("look", HTMLElement);
  if (state === undefined || proof === undefined) {
    line.textContent = "\u00a0";
    return;
  }
  const { lower, upper, moves, gap } = proof.answer;
  const place = `Row ${Math.floor(state / setting.columns) + 1}, column ${(state % setting.columns) + 1}`;
  const [low = 0, high = 0, move] = [lower[state], upper[state], moves[state]];
  if (move === null || move === undefined) line.textContent = `${place}: ${setting.cells[state]}`;
  else if (gap > 0.01) line.textContent = `${place}: worth at least ${valueText(Math.max(0, low), gap)}, at most ${gapText(high)}`;
  else line.textContent = `${place}: worth ${valueText((low + high) / 2, gap)}, best move ${move}`;
}

grid.show(setting);
stroll.begin(setting);
showSliders();
element("gaps", HTMLElement).innerHTML = gapChart([], 2 * EPSILON);
try {
  machine.show(await solver.capabilities);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) await solveAll();
  else await play();
} catch (error) {
  showFailure(error);
}
