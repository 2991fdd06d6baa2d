// Where everything of a kernel lies in linear memory: the model's arrays where they are or copied in, then vectors to work with.
import { type Arena, linearMemory, type Storage } from "../../mdp/index.ts";

/** Vectors that fit beside the model; more than any iteration holds at once. Later ones live outside and are copied in and out. */
export const VECTORS = 4;

/** So many states of a vector that lies outside are written to in one go. */
const MOST_STAGED = 1 << 17;

/** Q of at most so many choices is computed in one go, unless one state has more. */
const MOST_Q = 1 << 18;

/** The block that threads share (see assembly/team.ts). */
const BLOCK_BYTES = 2048;

/** From so many choices a state on, and rows of one width, a policy's rows are gathered: they are a small part of the model, lying far apart. */
const WORTH_GATHERING = 5;

/** Rows of so many branches on average: summing them one by one waits for each addition, several side by side do not. */
const LONG = 24;

/** Byte offsets. */
export interface Layout {
  readonly block: number;
  readonly stateChoices: number;
  /** 0 where row = choice. */
  readonly choiceRow: number;
  readonly rowBranches: number;
  readonly target: number;
  readonly probability: number;
  readonly reward: number;
  /** S choices: a policy of the caller's is copied here and back. */
  readonly policy: number;
  readonly policies: number;
  readonly q: number;
  /** How many choices `q` has room for. */
  readonly qLength: number;
  /** VECTORS of them, and one to copy a vector of the caller's into. */
  readonly vectors: number;
  readonly vectorBytes: number;
  /** Two stretches of `stagedLength` states each, for what an operator writes to vectors of the caller's. */
  readonly staged: number;
  readonly stagedLength: number;
  /** The number of branches of every row, or 0 where they differ: offsets need not be read then. */
  readonly width: number;
  /** Room for the rows of one policy, S · width each, and its S rewards; 0 where they are not gathered. */
  readonly heldTarget: number;
  readonly heldProbability: number;
  readonly heldReward: number;
  /** S choices: whose rows they are, -1 before the first. */
  readonly heldChoice: number;
  /** Room for a number a row where rows serve several choices each or are long, else 0. */
  readonly rowExpectation: number;
  /** Whether the targets of each row follow one another, where rows are long: they need not be read then. */
  readonly consecutive: boolean;
  /** Room for the list of the rows that one policy needs, where those expectations are kept; else 0. */
  readonly heldRows: number;
}

export interface Placed {
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  /** The model's own memory, if that is where the kernel works. */
  readonly arena: Arena | undefined;
}

/** Places a model: in its own arena if it has one that nobody works in, else in new memory. Undefined where neither can be had. */
export function place(storage: Storage): Placed | undefined {
  const { width } = shapeOf(storage);
  const gather = gathers(storage, width);
  const { arena } = storage;
  if (arena !== undefined && !arena.busy) {
    const { buffer } = arena.memory;
    const found = [gather, false].map((held) => layOut(storage, width, held, arena.workspace, buffer)).find(({ bytes }) => bytes <= buffer.byteLength);
    if (found !== undefined) {
      arena.busy = true;
      fill(storage, found.layout, buffer);
      return { layout: found.layout, memory: arena.memory, arena };
    }
  }
  // Address 0 means "no array".
  const { layout, bytes } = layOut(storage, width, gather, 64, undefined);
  const memory = linearMemory(bytes);
  if (memory === undefined) return undefined;
  fill(storage, layout, memory.buffer);
  return { layout, memory, arena: undefined };
}

/** An array that lies in `buffer` stays where it is; others get a place from `from` on. */
function layOut(
  storage: Storage,
  width: number,
  gather: boolean,
  from: number,
  buffer: ArrayBufferLike | undefined,
): { readonly layout: Layout; readonly bytes: number } {
  let bytes = from;
  const take = (size: number, alignment = 16) => {
    const here = Math.ceil(bytes / alignment) * alignment;
    bytes = here + size;
    return here;
  };
  const put = (array: Int32Array | Float64Array) => (array.buffer === buffer ? array.byteOffset : take(array.byteLength));
  const vectorBytes = Math.ceil(((storage.stateCount + 1) * 8) / 64) * 64;
  const policyBytes = Math.ceil((storage.stateCount * 4) / 64) * 64;
  const { mostChoices, consecutive } = shapeOf(storage);
  const qLength = Math.min(storage.choiceCount, Math.max(MOST_Q, mostChoices));
  const stagedLength = Math.min(storage.stateCount, MOST_STAGED);
  const layout = {
    width,
    stagedLength,
    staged: take(2 * 8 * stagedLength, 64),
    block: take(BLOCK_BYTES, 64),
    stateChoices: put(storage.stateChoices),
    choiceRow: storage.choiceRow === undefined ? 0 : put(storage.choiceRow),
    rowBranches: put(storage.rowBranches),
    target: put(storage.target),
    probability: put(storage.probability),
    reward: put(storage.reward),
    policy: take(policyBytes, 64),
    policies: take(policyBytes, 64),
    qLength,
    q: take(qLength * 8, 64),
    vectorBytes,
    vectors: take((VECTORS + 1) * vectorBytes, 64),
    consecutive,
    rowExpectation: expectsRows(storage) ? take(storage.rowCount * 8, 64) : 0,
    heldRows: expectsRows(storage) ? take(storage.rowCount * 4, 64) : 0,
    ...(gather ? takeHeld(storage.stateCount, width, take) : { heldTarget: 0, heldProbability: 0, heldReward: 0, heldChoice: 0 }),
  };
  return { layout, bytes };
}

/** Whether rows serve so many choices each, or are so long, that their expectations are worth computing apart. */
function expectsRows({ choiceRow, rowCount, choiceCount, target }: Storage): boolean {
  return (choiceRow !== undefined && 2 * rowCount <= choiceCount) || target.length >= LONG * rowCount;
}

function takeHeld(states: number, width: number, take: (size: number, alignment: number) => number) {
  return {
    heldTarget: take(states * width * 4, 64),
    heldProbability: take(states * width * 8, 64),
    heldReward: take(states * 8, 64),
    heldChoice: take(states * 4, 64),
  };
}

function gathers({ stateCount, choiceCount, choiceRow }: Storage, width: number): boolean {
  return width > 0 && width < LONG && choiceRow === undefined && choiceCount >= WORTH_GATHERING * stateCount;
}

/** Copies in what does not lie there yet. */
function fill(storage: Storage, layout: Layout, buffer: ArrayBufferLike): void {
  const copy = (source: Int32Array, at: number) => {
    if (source.buffer !== buffer) new Int32Array(buffer, at, source.length).set(source);
  };
  const copyReals = (source: Float64Array, at: number) => {
    if (source.buffer !== buffer) new Float64Array(buffer, at, source.length).set(source);
  };
  copy(storage.stateChoices, layout.stateChoices);
  if (storage.choiceRow !== undefined) copy(storage.choiceRow, layout.choiceRow);
  copy(storage.rowBranches, layout.rowBranches);
  copy(storage.target, layout.target);
  copyReals(storage.probability, layout.probability);
  copyReals(storage.reward, layout.reward);
  // An arena used before holds old numbers. The block stays as it is: helpers may still be waiting there.
  if (layout.heldChoice !== 0) new Int32Array(buffer, layout.heldChoice, storage.stateCount).fill(-1);
}

/** What a layout has to know of a model beyond its counts: found out once, since it takes as long as a sweep. */
interface Shape {
  readonly width: number;
  readonly mostChoices: number;
  readonly consecutive: boolean;
}

/** By the targets: a model with its states renumbered has others, one with other rewards the same. */
const KNOWN = new WeakMap<Int32Array, Shape & { readonly stateChoices: Int32Array }>();

function shapeOf(storage: Storage): Shape {
  const { target, stateChoices } = storage;
  const known = KNOWN.get(target);
  if (known?.stateChoices === stateChoices) return known;
  const shape = { width: widthOf(storage), mostChoices: mostChoices(storage), consecutive: isConsecutive(storage), stateChoices };
  KNOWN.set(target, shape);
  return shape;
}

function isConsecutive({ rowBranches, rowCount, target }: Storage): boolean {
  if (target.length < LONG * rowCount) return false;
  for (let row = 0; row < rowCount; row++) {
    for (let b = rowBranches[row]! + 1; b < rowBranches[row + 1]!; b++) if (target[b] !== target[b - 1]! + 1) return false;
  }
  return true;
}

function widthOf(storage: Storage): number {
  const { rowBranches, rowCount } = storage;
  const width = rowCount === 0 ? 0 : rowBranches[1]!;
  // Most models that are not of one width show it soon.
  for (let row = 0; row < rowCount; row++) if (rowBranches[row + 1]! - rowBranches[row]! !== width) return 0;
  return width;
}

function mostChoices(storage: Storage): number {
  const { stateChoices, stateCount } = storage;
  let most = 0;
  for (let s = 0; s < stateCount; s++) most = Math.max(most, stateChoices[s + 1]! - stateChoices[s]!);
  return most;
}
