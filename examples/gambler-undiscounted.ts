// Discount 1, and what it takes: the gambler of Sutton and Barto (example 4.3), a chain of coin tosses, and a fortune without end.
import { buildMdp, finiteHorizon, solve } from "mdpkit";
import { gambler } from "mdpkit/envs";

// The chance to reach 100 when heads come up with probability 0.4. Capital is the state.
const game = gambler({ p: 0.4 }).mdp;
const best = await solve(game, { epsilon: 1e-12 });
for (const capital of [1, 25, 50, 75, 99]) {
  console.log(`with ${capital}: ${best.value.at(capital).toFixed(9)}, stake ${best.policy.action(capital)}`);
}
console.log(`every number is within ${best.gap / 2} of the truth`);

// Only ten tosses: the last stage decides alone.
const evening = await finiteHorizon(game, { horizon: 10 });
console.log(`with 50 and ten tosses left: ${evening.stages[0]?.value.at(50).toFixed(9)}`);

// Expected tosses until heads came up ten times in a row: 2^11 - 2, where naive iteration would stop far too early.
const streak = buildMdp({ states: 11, actions: 1, discount: 1, objective: "minimize" }, (heads, model) => {
  if (heads === 10) return model.terminal();
  model.choice(0, 1);
  model.branch(heads + 1, 0.5);
  model.branch(0, 0.5);
});
console.log(`tosses until ten heads in a row: ${(await solve(streak)).value.at(0)}, exactly ${2 ** 11 - 2}`);

// A state that pays for ever is worth infinitely much, and said to be.
const fountain = buildMdp({ states: 1, actions: 1, discount: 1 }, (_, model) => {
  model.choice(0, 1);
  model.branch(0, 1);
});
console.log(`one coin a step for ever: ${(await solve(fountain)).value.at(0)}`);
