// Batched Q-learning in WGSL: the integers of `CpuBatchedLearner`, one invocation an environment.
import { PHILOX } from "../../../numeric/index.ts";
import { DRAW_START, DRAW_STEP } from "./batched-learner.ts";
import { LARGEST } from "./fixed-point.ts";
import { AS_CHOICE } from "./sampling-model.ts";

/** Invocations of a workgroup. */
export const GROUP = 64;

const [M0, M1] = PHILOX.multiplier;
const [W0, W1] = PHILOX.weyl;

/**
 * Two entry points. `act` steps every environment by the Q of before and adds its error to its choice's tally; `learn` updates every choice taken,
 * by whichever of its takers comes first: what it computes does not depend on which. Sums of errors are kept in two halves, so that 32 bits hold them.
 */
export const BATCHED_WGSL: string = `
struct Rule { envs: u32, maxSteps: i32, discount: u32, rates: u32, key0: u32, key1: u32, starts: u32, unused: u32 }
@group(0) @binding(0) var<uniform> rule: Rule;
// First branch, branches, reward.
@group(0) @binding(1) var<storage, read> choices: array<vec4<i32>>;
// Threshold, alias, next (-1: the episode ends), reward of its own.
@group(0) @binding(2) var<storage, read> branches: array<vec4<i32>>;
@group(0) @binding(3) var<storage, read> states: array<i32>;
// State, threshold, alias.
@group(0) @binding(4) var<storage, read> starts: array<vec4<i32>>;
@group(0) @binding(5) var<storage, read_write> q: array<i32>;
// By choice: takers, high and low halves of the sum of errors, updates.
@group(0) @binding(6) var<storage, read_write> tally: array<atomic<i32>>;
// State, steps of the episode, choice taken, episodes ended.
@group(0) @binding(7) var<storage, read_write> envs: array<vec4<i32>>;
// The step, its place among those submitted, then their cuts.
@group(0) @binding(8) var<storage, read_write> clock: array<u32>;
@group(0) @binding(9) var<storage, read> rates: array<u32>;

fn multiplyHigh(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu; let ah = a >> 16u; let bl = b & 0xffffu; let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let other = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (other >> 16u);
}

fn philox(counter: vec4<u32>) -> vec4<u32> {
  var c = counter;
  var k0 = rule.key0;
  var k1 = rule.key1;
  for (var round = 0; round < ${PHILOX.rounds}; round++) {
    c = vec4<u32>(multiplyHigh(${M1}u, c.z) ^ c.y ^ k0, ${M1}u * c.z, multiplyHigh(${M0}u, c.x) ^ c.w ^ k1, ${M0}u * c.x);
    k0 += ${W0}u;
    k1 += ${W1}u;
  }
  return c;
}

fn scaled(x: i32, fraction: u32) -> i32 {
  let size = u32(abs(x));
  let low = size * fraction;
  let rounded = low + 0x40000000u;
  let magnitude = i32(((multiplyHigh(size, fraction) + select(0u, 1u, rounded < low)) << 1u) | (rounded >> 31u));
  return select(magnitude, -magnitude, x < 0);
}

fn best(s: i32) -> i32 {
  var most = q[states[s]];
  for (var c = states[s] + 1; c < states[s + 1]; c++) { most = max(most, q[c]); }
  return most;
}

fn choose(s: i32, draw: vec4<u32>) -> i32 {
  let first = states[s];
  let end = states[s + 1];
  if (draw.x < clock[2u + clock[1]]) { return first + i32(multiplyHigh(draw.y, u32(end - first))); }
  let most = best(s);
  var ties = 0u;
  for (var c = first; c < end; c++) { if (q[c] == most) { ties++; } }
  var skip = multiplyHigh(draw.y, ties);
  for (var c = first; c < end; c++) {
    if (q[c] != most) { continue; }
    if (skip == 0u) { return c; }
    skip--;
  }
  return first;
}

fn startState(step: u32, e: u32) -> i32 {
  let draw = philox(vec4<u32>(step, 0u, e, ${DRAW_START}u));
  let start = starts[multiplyHigh(draw.x, rule.starts)];
  return select(starts[start.z].x, start.x, draw.y < bitcast<u32>(start.y));
}

@compute @workgroup_size(${GROUP}) fn act(@builtin(global_invocation_id) id: vec3<u32>) {
  let e = id.x;
  if (e >= rule.envs) { return; }
  let step = clock[0];
  let draw = philox(vec4<u32>(step, 0u, e, ${DRAW_STEP}u));
  let env = envs[e];
  let c = choose(env.x, draw);
  let choice = choices[c];
  var branch = choice.x + i32(multiplyHigh(draw.z, u32(choice.y)));
  if (draw.w >= bitcast<u32>(branches[branch].x)) { branch = branches[branch].y; }
  let next = branches[branch].z;
  var target_ = choice.z;
  if (branches[branch].w != ${AS_CHOICE}) { target_ = branches[branch].w; }
  if (next >= 0) { target_ += scaled(best(next), rule.discount); }
  let error = clamp(target_, -${LARGEST}, ${LARGEST}) - q[c];
  atomicAdd(&tally[4 * c], 1);
  atomicAdd(&tally[4 * c + 1], error >> 16u);
  atomicAdd(&tally[4 * c + 2], error & 0xffff);
  let elapsed = env.y + 1;
  if (next < 0 || elapsed == rule.maxSteps) { envs[e] = vec4<i32>(startState(step + 1u, e), 0, c, env.w + 1); }
  else { envs[e] = vec4<i32>(next, elapsed, c, env.w); }
}

@compute @workgroup_size(${GROUP}) fn learn(@builtin(global_invocation_id) id: vec3<u32>) {
  let e = id.x;
  if (e >= rule.envs) { return; }
  if (e == 0u) {
    clock[0] += 1u;
    clock[1] += 1u;
  }
  let c = envs[e].z;
  let takers = atomicExchange(&tally[4 * c], 0);
  if (takers == 0) { return; }
  let high = atomicExchange(&tally[4 * c + 1], 0);
  let low = atomicExchange(&tally[4 * c + 2], 0);
  // floor((high · 2^16 + low) / takers)
  var quotient = high / takers;
  if (high < 0 && quotient * takers != high) { quotient -= 1; }
  let rest = (u32(high - quotient * takers) * 65536u + u32(low)) / u32(takers);
  let mean = quotient * 65536 + i32(rest);
  let updates = u32(atomicAdd(&tally[4 * c + 3], 1));
  q[c] += scaled(mean, rates[min(updates, rule.rates - 1u)]);
}
`;
