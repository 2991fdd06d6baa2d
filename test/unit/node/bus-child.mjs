// The other process of the bus test: an agent that walks the maze and tells of every step; or, as FAKE_HOW says, one that misbehaves.
import { experienceOf, isExperience, MessageBus, policyPlanner, runAgent } from "../../../dist/agent/index.js";
import { makeBuiltIn, toEnv } from "../../../dist/envs/index.js";
import { busPipe } from "../../../dist/node/index.js";
import { solve } from "../../../dist/solvers/index.js";

const how = process.env.FAKE_HOW ?? "";
if (how === "stranger") {
  process.stdout.write("hello, I am no bus\n");
  process.exit(0);
}
if (how === "dies") {
  process.stdout.write('{"protocol":"mdpkit-bus","version":1}\n{"topic":"experience","from":"child","sequ');
  process.exit(1);
}
if (how === "hostile") {
  process.stdout.write('{"protocol":"mdpkit-bus","version":1}\n');
  for (const line of [
    "not json",
    "[]",
    '{"topic":"experience","from":"child","sequence":1,"payload":"rm -rf"}',
    '{"topic":"shell","from":"child","sequence":2,"payload":"ls"}',
  ])
    process.stdout.write(`${line}\n`);
  process.stdout.write('{"topic":"experience","from":"child","sequence":3,"payload":{"state":0,"action":3,"reward":0,"next":1,"terminated":false}}\n');
  process.exit(0);
}
const { mdp } = makeBuiltIn("maze");
const bus = new MessageBus({ experience: isExperience, note: (payload) => typeof payload === "string" });
const me = bus.join("child");
const pipe = busPipe(bus, process.stdin, process.stdout);
me.subscribe("note", async ({ payload }) => {
  if (payload === "leave") {
    pipe.close();
    process.exit(0);
  }
  const best = await solve(mdp);
  await runAgent({ env: toEnv(mdp), planner: policyPlanner(best.policy), onStep: (step) => me.publish("experience", experienceOf(step)) });
  me.publish("note", `did as told: ${payload}`);
});
