// What the undiscounted total of each state is before any number is computed: finite, infinite, or not defined.
import { UnsupportedModelError } from "../../errors.ts";
import type { Storage } from "../../mdp/index.ts";
import type { Breathe } from "./breathe.ts";
import { type EndComponents, endComponents } from "./end-components.ts";
import { gainSign } from "./gain.ts";
import { identity, makeQuotient, membersOf, type Quotient } from "./quotient.ts";
import { canReach, predecessors, reachSurely } from "./reachability.ts";
import { expandChoice, steerTo } from "./steer.ts";

/** A model at discount 1, taken apart. Maximising. */
export interface Classified {
  /** S values: 0 for a finite state, else Infinity or -Infinity. */
  readonly infinite: Float64Array;
  /** S choices, for the infinite states: a policy that attains the value. -1 elsewhere. */
  readonly infinitePolicy: Int32Array;
  /** The finite states, zero-reward end components merged: every component left loses on average, some policy ends surely from every node. */
  readonly finite: Quotient;
  /** A choice a node that ends surely. */
  readonly proper: Int32Array;
  /** Zero-reward end components of the original: to move inside a node without cost. */
  readonly free: EndComponents;
}

/**
 * Expected total reward over all policies (see DESIGN: staying for ever in a zero-reward end component pays 0).
 *
 * @remarks Zero-reward end components are merged into one node that may stop (de Alfaro 1997; Haddad and Monmege 2018). Of the components left, one whose
 *   best average is positive is worth Infinity; where all lose, a policy must leave or pay -Infinity. What remains is a stochastic shortest path
 *   problem in the sense of Bertsekas and Tsitsiklis (1991), whose Bellman equation has one solution.
 * @param nameOf names a state for messages.
 * @throws UnsupportedModelError where a component's average has no provable sign, or Infinity and -Infinity meet.
 */
export async function classify(storage: Storage, nameOf: (state: number) => string, breathe: Breathe): Promise<Classified> {
  const free = await endComponents(
    storage,
    Uint8Array.from(storage.reward, (r) => (r === 0 ? 1 : 0)),
    breathe,
  );
  const merged = free.count === 0 ? await dropTerminals(storage, breathe) : await mergeFree(storage, free, breathe);
  const nodes = merged.storage;
  const nodeMembers = membersOf(merged.nodeOf, nodes.stateCount);
  const names = (list: readonly number[]) => {
    const states = list.flatMap((node) => nodeMembers[node]!);
    return states.slice(0, 5).map(nameOf).join(", ") + (states.length > 5 ? ` and ${states.length - 5} more` : "");
  };

  const cycles = await endComponents(
    nodes,
    Uint8Array.from(merged.original, (c) => (c < 0 ? 0 : 1)),
    breathe,
  );
  const winning = new Uint8Array(nodes.stateCount + 1);
  const winningChoice = new Int32Array(nodes.stateCount).fill(-1);
  const cycleMembers = membersOf(cycles.component, cycles.count);
  for (const members of cycleMembers) {
    const sign = await componentSign(nodes, cycles, members, winningChoice, breathe);
    if (sign === 0) {
      throw new UnsupportedModelError(
        `at discount 1 the states ${names(members)} form an end component with rewards of both signs whose average cannot be proven positive or negative, expected a total that is defined.`,
        { hint: "use a discount below 1, or make the component's states terminal." },
      );
    }
    if (sign > 0) for (const node of members) winning[node] = 1;
  }

  const back = await predecessors(nodes, breathe);
  const goal = winning.slice();
  goal[nodes.stateCount] = 1;
  for (let node = 0; node < nodes.stateCount; node++) if (nodes.terminal[node] === 1) goal[node] = 1;
  const sure = await reachSurely(nodes, back, goal, breathe);
  const rich = await canReach(nodes, back, winning, sure.safe, breathe);
  const tempted = await canReach(nodes, back, winning, new Uint8Array(nodes.choiceCount).fill(1), breathe);
  const torn = [...nodeMembers.keys()].filter((node) => tempted.reached[node] === 1 && rich.reached[node] === 0);
  if (torn.length > 0) {
    throw new UnsupportedModelError(
      `at discount 1 the states ${names(torn)} can gain without end only at the risk of losing without end, expected a total that is defined.`,
      {
        hint: "use a discount below 1.",
      },
    );
  }

  const infinite = new Float64Array(storage.stateCount);
  const infinitePolicy = new Int32Array(storage.stateCount).fill(-1);
  const keep = new Uint8Array(nodes.choiceCount);
  const finiteNode = new Int32Array(nodes.stateCount).fill(-1);
  let finiteCount = 0;
  for (let node = 0; node < nodes.stateCount; node++) {
    if (nodes.terminal[node] === 1) continue;
    if (rich.reached[node] === 0 && sure.reached[node] === 1) {
      finiteNode[node] = finiteCount++;
      for (let c = nodes.stateChoices[node]!; c < nodes.stateChoices[node + 1]!; c++) keep[c] = sure.safe[c]!;
      continue;
    }
    const won = rich.reached[node] === 1;
    const choice = won ? (winning[node] === 1 ? winningChoice[node]! : rich.choice[node]!) : nodes.stateChoices[node]!;
    for (const s of nodeMembers[node]!) infinite[s] = won ? Infinity : -Infinity;
    await expandChoice(storage, free, nodeMembers[node]!, merged.original[choice]!, infinitePolicy, breathe);
  }
  if (finiteCount === nodes.stateCount && keep.every((k) => k === 1)) {
    return { infinite, infinitePolicy, finite: merged, proper: sure.choice, free };
  }
  const stops = new Uint8Array(finiteCount);
  const finite = await makeQuotient(nodes, finiteNode, finiteCount, keep, stops, breathe);
  const choiceOf = new Int32Array(nodes.choiceCount);
  for (const [i, c] of finite.original.entries()) choiceOf[c] = i;
  const proper = new Int32Array(finiteCount);
  for (let node = 0; node < nodes.stateCount; node++) if (finiteNode[node]! >= 0) proper[finiteNode[node]!] = choiceOf[sure.choice[node]!]!;
  return {
    infinite,
    infinitePolicy,
    free,
    proper,
    finite: {
      storage: finite.storage,
      nodeOf: merged.nodeOf.map((node) => (node < 0 ? -1 : finiteNode[node]!)),
      original: finite.original.map((c) => merged.original[c]!),
    },
  };
}

/** One node a non-terminal state. */
async function dropTerminals(storage: Storage, breathe: Breathe): Promise<Quotient> {
  if (!storage.terminal.includes(1)) return identity(storage);
  let count = 0;
  const nodeOf = Int32Array.from(storage.terminal, (flag) => (flag === 1 ? -1 : count++));
  return makeQuotient(storage, nodeOf, count, new Uint8Array(storage.choiceCount).fill(1), new Uint8Array(count), breathe);
}

/** One node a free component, with the choice to stop there; one a state elsewhere. */
async function mergeFree(storage: Storage, free: EndComponents, breathe: Breathe): Promise<Quotient> {
  const nodeOfComponent = new Int32Array(free.count).fill(-1);
  const stops: number[] = [];
  const nodeOf = new Int32Array(storage.stateCount).fill(-1);
  for (let s = 0; s < storage.stateCount; s++) {
    if (storage.terminal[s] === 1) continue;
    const component = free.component[s]!;
    if (component >= 0 && nodeOfComponent[component]! >= 0) {
      nodeOf[s] = nodeOfComponent[component]!;
      continue;
    }
    nodeOf[s] = stops.length;
    stops.push(component >= 0 ? 1 : 0);
    if (component >= 0) nodeOfComponent[component] = nodeOf[s]!;
  }
  return makeQuotient(
    storage,
    nodeOf,
    stops.length,
    free.inside.map((inside) => 1 - inside),
    Uint8Array.from(stops),
    breathe,
  );
}

/** The sign of a component's best average. Where it is positive, `choice` gets a policy that attains a positive one. */
async function componentSign(nodes: Storage, cycles: EndComponents, members: readonly number[], choice: Int32Array, breathe: Breathe): Promise<1 | -1 | 0> {
  let gains = false;
  let loses = false;
  let best = -1;
  for (const node of members) {
    for (let c = nodes.stateChoices[node]!; c < nodes.stateChoices[node + 1]!; c++) {
      if (cycles.inside[c] === 0) continue;
      if (nodes.reward[c]! > 0) {
        gains = true;
        best = c;
      }
      if (nodes.reward[c]! < 0) loses = true;
    }
  }
  // Components without any reward have been merged away, so every cycle left has some.
  if (!gains) return -1;
  if (!loses) {
    await steerTo(nodes, cycles.inside, members, best, choice, breathe);
    return 1;
  }
  const nodeOf = new Int32Array(nodes.stateCount).fill(-1);
  for (const [i, node] of members.entries()) nodeOf[node] = i;
  const keep = new Uint8Array(nodes.choiceCount);
  for (const node of members) for (let c = nodes.stateChoices[node]!; c < nodes.stateChoices[node + 1]!; c++) keep[c] = cycles.inside[c]!;
  const part = await makeQuotient(nodes, nodeOf, members.length, keep, new Uint8Array(members.length), breathe);
  const { sign, policy } = await gainSign(part.storage, breathe);
  if (sign > 0) for (const [i, node] of members.entries()) choice[node] = part.original[policy[i]!]!;
  return sign;
}
