// Lane changes before an exit: a language model steers, and a shield bounds the probability of a crash on the whole way.
import { crashed, describeDrive, EXAMPLES, motorway, TASK } from "./models/motorway.ts";
import { play } from "./parts/play.ts";

await play({
  name: "driving",
  title: "Lane changes on the way to an exit",
  summary: "Three lanes with traffic, two speeds, an exit on the right. Each step costs 1, the exit is worth 10. Harm is a crash.",
  mdp: await motorway(),
  describe: describeDrive,
  task: TASK,
  examples: EXAMPLES,
  harmful: crashed,
  limit: 0.005,
  steps: 8,
  seed: 2,
});
