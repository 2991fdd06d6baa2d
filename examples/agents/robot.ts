// A robot that picks and places: a language model drives it over a floor with slip, and a shield keeps it off the stairs.
import { describeJob, EXAMPLES, fell, PICTURE, TASK, warehouse } from "./models/warehouse.ts";
import { play } from "./parts/play.ts";

await play({
  name: "robot",
  title: "A robot fetches an item",
  summary: "Shelves, two flights of stairs, wheels that slip, a grip that may fail. Each command costs 1, the delivery is worth 60. Harm is a fall.",
  mdp: await warehouse(),
  describe: describeJob,
  task: TASK,
  examples: EXAMPLES,
  harmful: fell,
  limit: 0.15,
  steps: 4,
  seed: 5,
  map: { grid: PICTURE, cellOf: ({ robot }) => robot },
});
