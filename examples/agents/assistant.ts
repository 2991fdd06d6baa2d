// An assistant that books a table: a language model fills the slots of a talk, and a shield keeps wrong bookings rare.
import { bookingModel, describeTalk, EXAMPLES, TASK, wentWrong } from "./models/booking.ts";
import { play } from "./parts/play.ts";

await play({
  name: "assistant",
  title: "An assistant books a table",
  summary: "Four details to ask for, each of which may be misheard, and a guest whose patience ends. Harm is a wrong booking.",
  mdp: await bookingModel(),
  describe: describeTalk,
  task: TASK,
  examples: EXAMPLES,
  harmful: wentWrong,
  limit: 0.05,
  steps: 16,
  seed: 3,
});
