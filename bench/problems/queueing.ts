// Admission and routing to two queues: uniformised, the jobs that wait cost by length.
import { buildMdp, type Label, type Mdp } from "../../src/mdp/index.ts";

const ARRIVAL = 0.5;
const SERVICE: readonly [number, number] = [0.3, 0.2];
const REFUSAL = 12;
const WAITING = 0.05;

/**
 * State = first · (capacity + 1) + second, the jobs in each queue. An arriving job is refused (costs 12), or sent to the first or the second queue;
 * a job waiting costs 0.05 a step. Full queues take none: the action is left out there.
 */
export function queueing(capacity: number, discount: number): Mdp<Label, Label> {
  const side = capacity + 1;
  return buildMdp<Label, Label>({ states: side * side, actions: ["refuse", "first", "second"], discount }, (s, model) => {
    const first = Math.floor(s / side);
    const second = s % side;
    const waiting = -WAITING * (first + second);
    const at = (i: number, j: number): number => Math.max(0, i) * side + Math.max(0, j);
    const rest = (): void => {
      model.branch(at(first - 1, second), SERVICE[0]);
      model.branch(at(first, second - 1), SERVICE[1]);
    };
    model.choice(0, waiting - ARRIVAL * REFUSAL);
    model.branch(s, ARRIVAL);
    rest();
    if (first < capacity) {
      model.choice(1, waiting);
      model.branch(at(first + 1, second), ARRIVAL);
      rest();
    }
    if (second < capacity) {
      model.choice(2, waiting);
      model.branch(at(first, second + 1), ARRIVAL);
      rest();
    }
  });
}
