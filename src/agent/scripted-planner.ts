// A planner that reads its answers from a list: for tests, and for playing a trace's answers again. It is no model.
import { OptionError } from "../errors.ts";
import type { PlanAnswer, Planner } from "./planner.ts";

/**
 * Gives the answers in order, text as it stands; named "scripted" wherever it shows.
 *
 * @throws OptionError when asked for more answers than there are.
 * @example
 * await runAgent({ env, planner: scriptedPlanner(["right", "right", "down"]) });
 */
export function scriptedPlanner(answers: readonly (string | PlanAnswer)[]): Planner<unknown, unknown> {
  let asked = 0;
  return {
    name: "scripted",
    plan: () => {
      const answer = answers[asked];
      if (answer === undefined) throw new OptionError("the number of questions to scriptedPlanner", asked + 1, `at most ${answers.length}, one an answer`);
      asked++;
      return typeof answer === "string" ? { text: answer } : answer;
    },
  };
}
