// A game against the exact solution: a language model plays tic-tac-toe, and a shield keeps it from losing often.
import { describeBoard, EXAMPLES, isLost, TASK, ticTacToe } from "./models/tic-tac-toe.ts";
import { play } from "./parts/play.ts";

await play({
  name: "game",
  title: "Tic-tac-toe, a language model against the exact solution",
  summary:
    "O has begun in the center and plays at random or, half of the time, with care. A win is worth 1, a loss −1; naming a square that is taken loses. Harm is a loss.",
  mdp: await ticTacToe(),
  describe: describeBoard,
  task: TASK,
  examples: EXAMPLES,
  harmful: isLost,
  limit: 0.05,
  steps: 64,
  seed: 1,
});
