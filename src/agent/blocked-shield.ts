// A shield against moves that go nowhere: choices whose only successor is the state itself.
import { blockedChoices } from "../llm-prior/masked-prior.ts";
import type { Mdp } from "../mdp/index.ts";
import type { Shield } from "./shield.ts";

/**
 * Forbids blocked moves, such as those into a wall. The model keeps all its actions; only the agent does without them.
 * In a state where every choice is blocked none is forbidden.
 *
 * @example
 * await runAgent({ env: toEnv(maze), planner, shield: blockedShield(maze) });
 */
export function blockedShield<S, A>(mdp: Mdp<S, A>, name = "blocked moves"): Shield<S, A> {
  const blocked = blockedChoices(mdp);
  return {
    name,
    blocks: (state, action) => (blocked[mdp.choice(state, action)] === 1 ? "it leads nowhere: its only successor is the state itself" : undefined),
  };
}
