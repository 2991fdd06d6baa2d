// The last rung of the ladder: answers drawn with seeds under a schema that lists the actions, each kept as it comes, counted with smoothing.
import { PriorError } from "../errors.ts";
import { scoreSamples } from "./sample-scores.ts";
import type { ActionScores, PartStore, ScoreRequest, TokenUsage } from "./scorer.ts";

/** One drawn text. */
export interface Drawn {
  readonly text: string;
  readonly usage?: TokenUsage | undefined;
  /** Requests it took, where it was not one. */
  readonly calls?: number | undefined;
}

/** A JSON schema, as far as it is needed here. */
export interface ActionSchema {
  readonly type: "object";
  readonly properties: { readonly action: { readonly type: "string"; readonly enum: readonly string[] } };
  readonly required: readonly ["action"];
  readonly additionalProperties: false;
}

/** Texts that the schema allows name exactly one of the answers. */
export function actionSchema(answers: readonly string[]): ActionSchema {
  return { type: "object", properties: { action: { type: "string", enum: answers } }, required: ["action"], additionalProperties: false };
}

/**
 * Draws `count` answers, with seeds 1 to `count`, and counts the actions that they name. Texts in `parts` are not drawn again.
 *
 * @param draw One answer for a seed.
 * @throws What `draw` throws; PriorError for a count of none.
 */
export async function drawSamples(
  request: Pick<ScoreRequest, "actions" | "answers">,
  count: number,
  parts: PartStore | undefined,
  draw: (seed: number) => Promise<Drawn>,
): Promise<ActionScores> {
  if (count < 1) throw new PriorError(`${count} answers are to be drawn, expected at least one.`);
  const texts: string[] = [];
  let calls = 0;
  let usage: TokenUsage | undefined;
  for (let i = 0; i < count; i++) {
    const kept = await parts?.get(i);
    if (kept !== undefined) {
      texts.push(kept);
      continue;
    }
    const drawn = await draw(i + 1);
    await parts?.set(i, drawn.text);
    texts.push(drawn.text);
    calls += drawn.calls ?? 1;
    usage = addUsage(usage, drawn.usage);
  }
  const share = Math.log(1 / texts.length);
  return {
    ...scoreSamples(texts, request),
    method: "samples",
    calls,
    ...(usage === undefined ? {} : { usage }),
    evidence: texts.map((text) => [text, share] as const),
  };
}

/** The sum of two, either of which may be unknown. */
export function addUsage(a: TokenUsage | undefined, b: TokenUsage | undefined): TokenUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { input: a.input + b.input, output: a.output + b.output };
}
