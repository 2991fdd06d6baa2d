// A model declared with labels, solved with proof: the recycling robot of Sutton and Barto, example 3.3.
import { assertConverged, defineMdp, solve, verify } from "mdpkit";

const robot = defineMdp({
  states: ["high", "low"],
  actions: ["search", "wait", "recharge"],
  discount: 0.9,
  feasible: (state) => (state === "high" ? ["search", "wait"] : ["search", "wait", "recharge"]),
  transition: (state, action) => {
    if (action === "wait") return state;
    if (action === "recharge") return "high";
    return [
      ["high", state === "high" ? 0.8 : 0.4],
      ["low", state === "high" ? 0.2 : 0.6],
    ];
  },
  // A robot that runs flat while searching is carried home, at a cost.
  reward: (state, action, next) => {
    if (action === "wait") return 1;
    if (action === "recharge") return 0;
    return state === "low" && next === "high" ? -3 : 5;
  },
});

const best = await solve(robot, { epsilon: 1e-9 });
assertConverged(best);
for (const state of robot.states) {
  const [lower, upper] = [best.bounds.lower.at(state), best.bounds.upper.at(state)];
  console.log(`${state}: ${best.policy.action(state)}, worth between ${lower} and ${upper}`);
  for (const [action, q] of best.q.row(state)) console.log(`  ${action}: ${q.toFixed(4)}`);
}
console.log("exactly:", 2500 / 59, "and", 2250 / 59);
console.log("the certificate holds:", (await verify(robot, best)).holds);
