// Where the model lies in memory, and how its arrays are read. Pointers are byte offsets; `choiceRow` and `policy` entries are int32, values float64.

export let stateChoices: usize = 0;
export let choiceRow: usize = 0;
export let rowBranches: usize = 0;
export let target: usize = 0;
export let probability: usize = 0;
export let reward: usize = 0;
export let discount: f64 = 0;
export let width: i32 = 0;
export let rowExpectation: usize = 0;
export let consecutive: i32 = 0;
export let heldTarget: usize = 0;
export let heldProbability: usize = 0;
export let heldReward: usize = 0;
export let heldChoice: usize = 0;

/**
 * Reads where the model lies: six addresses (`choiceRow` is 0 where row = choice), then the width of the rows where all have the same, else 0,
 * then, 8 bytes aligned, the discount, the addresses of the rows that `hold` gathers and of the rows' expectations, and whether each row's targets follow one another.
 */
export function readModel(at: usize): void {
  stateChoices = load<u32>(at);
  choiceRow = load<u32>(at, 4);
  rowBranches = load<u32>(at, 8);
  target = load<u32>(at, 12);
  probability = load<u32>(at, 16);
  reward = load<u32>(at, 20);
  width = load<i32>(at, 24);
  discount = load<f64>(at, 32);
  rowExpectation = load<u32>(at, 56);
  consecutive = load<i32>(at, 60);
  heldTarget = load<u32>(at, 40);
  heldProbability = load<u32>(at, 44);
  heldReward = load<u32>(at, 48);
  heldChoice = load<u32>(at, 52);
}

@inline
export function rowOf(c: i32): i32 {
  return choiceRow == 0 ? c : load<i32>(choiceRow + ((<usize>c) << 2));
}

@inline
export function firstBranch(row: i32): i32 {
  return width > 0 ? row * width : load<i32>(rowBranches + ((<usize>row) << 2));
}

@inline
export function at(v: usize, state: i32): f64 {
  return load<f64>(v + ((<usize>state) << 3));
}

/** The first choice of a state. */
export function firstChoice(s: i32): i32 {
  return load<i32>(stateChoices + ((<usize>s) << 2));
}
