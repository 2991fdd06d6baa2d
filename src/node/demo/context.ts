// What the steps of the demo share: the maze, how to print, and the settings.
import type { LlmSettings } from "../llm-options.ts";
import type { LoadedModel } from "../load-model.ts";
import type { Progress } from "../progress.ts";
import type { Style } from "../style.ts";
import type { World } from "../world.ts";

export interface Demo {
  readonly world: World;
  readonly model: LoadedModel;
  readonly llm: LlmSettings;
  readonly seed: number;
  readonly style: Style;
  readonly progress: Progress;
  /** Prints a line or several; nothing when quiet. */
  readonly print: (text: string) => Promise<void>;
}

/** The headline of a step. */
export function headline(demo: Demo, step: number, title: string): Promise<void> {
  return demo.print(`\n${demo.style.bold(demo.style.cyan(String(step)))}  ${demo.style.bold(title)}`);
}
