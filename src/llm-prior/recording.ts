// A model's answers written down with model, date and prompts, and given again later: always called a recording.
import { describeValue, PriorError } from "../errors.ts";
import { checkScores } from "./check-scores.ts";
import { shortHash } from "./hash.ts";
import type { ChatMessage } from "./prompt.ts";
import { type ActionScores, isLive, provenance, type ScoreOptions, type ScoreRequest, type Scorer, type ScorerInfo } from "./scorer.ts";

/** One question and its answer. */
export interface RecordedAnswer {
  /** `shortHash` of the whole prompt's text: a name to find it by. */
  readonly id: string;
  /** The messages after the recording's header. */
  readonly messages: readonly ChatMessage[];
  readonly actions: readonly string[];
  readonly answers: readonly string[];
  readonly scores: ActionScores;
}

/** Plain data: `JSON.stringify` writes it, `readRecording` checks it. */
export interface PriorRecording {
  readonly format: "mdpkit-prior-recording";
  readonly version: 1;
  /** The model's name as its server gave it. */
  readonly model: string;
  /** What served it, in the words of whoever recorded. */
  readonly server?: string | undefined;
  /** ISO 8601, when the first answer came. */
  readonly recordedAt: string;
  /** The messages every prompt begins with. */
  readonly header: readonly ChatMessage[];
  readonly answers: readonly RecordedAnswer[];
}

/** A scorer that also writes down what it answers. */
export interface RecordingScorer extends Scorer {
  /** Everything answered so far. @throws PriorError before the first answer. */
  recording(): PriorRecording;
}

/**
 * Writes down every answer of a scorer, each question once.
 *
 * @throws PriorError from `score` if the scorer asks no model: only a model's own answers are worth recording.
 * @example
 * const scorer = recordScorer(openAiCompatible({ baseUrl }), { server: "llama.cpp" });
 * await elicitPrior(mdp, { scorer, describe });
 * JSON.stringify(scorer.recording());
 */
export function recordScorer(scorer: Scorer, options: { readonly server?: string | undefined } = {}): RecordingScorer {
  const asked = new Map<string, { readonly request: ScoreRequest; readonly scores: ActionScores }>();
  let model: string | undefined;
  let recordedAt: string | undefined;
  return {
    info: (scoreOptions) => scorer.info(scoreOptions),
    async score(request, scoreOptions) {
      const info = await scorer.info(scoreOptions);
      if (!isLive(info)) throw new PriorError(`cannot record ${provenance(info)}, expected a scorer that asks a model.`);
      const scores = await scorer.score(request, scoreOptions);
      model ??= info.model;
      recordedAt ??= new Date().toISOString();
      asked.set(questionKey(request), { request, scores });
      return scores;
    },
    recording() {
      if (model === undefined || recordedAt === undefined) throw new PriorError("there is nothing to record, expected at least one answer.");
      const all = [...asked.values()];
      const header = sharedHeader(all.map(({ request }) => request.prompt.messages));
      return {
        format: "mdpkit-prior-recording",
        version: 1,
        model,
        ...(options.server === undefined ? {} : { server: options.server }),
        recordedAt,
        header,
        answers: all.map(({ request, scores }) => ({
          id: shortHash(request.prompt.text),
          messages: request.prompt.messages.slice(header.length),
          actions: request.actions,
          answers: request.answers,
          scores,
        })),
      };
    },
  };
}

/**
 * Gives a recording's answers again. Its `info` says that it is a recording, of which model, made when; its answers took 0 calls.
 *
 * @throws PriorError if the recording is not one; from `score` for a question that was not recorded, naming it.
 * @example
 * provenance(await replayScorer(recording).info()); // "recording of SmolLM2-135M-Instruct.Q4_1 made 2025-01-31"
 */
export function replayScorer(recording: PriorRecording): Scorer {
  const { model, recordedAt, header, answers } = readRecording(recording);
  const info: ScorerInfo = { source: "recording", model, recordedAt };
  const known = new Map<string, ActionScores>();
  for (const answer of answers) {
    const prompt = { text: JSON.stringify([...header, ...answer.messages]) };
    known.set(questionKey({ prompt, actions: answer.actions, answers: answer.answers }), { ...answer.scores, calls: 0 });
  }
  return {
    info: async () => info,
    async score(request: ScoreRequest, options: ScoreOptions = {}) {
      options.signal?.throwIfAborted();
      const scores = known.get(questionKey(request));
      if (scores === undefined) {
        const last = request.prompt.messages.at(-1)?.content ?? "";
        throw new PriorError(
          `the ${provenance(info)} has no answer to prompt ${shortHash(request.prompt.text)}, which ends in ${describeValue(last)}, expected one of its ${known.size} prompts.`,
          {
            hint: "a recording answers only the very prompts it was made with; ask a model server instead, or record again.",
          },
        );
      }
      return scores;
    },
  };
}

/**
 * Checks a recording that comes from a file.
 *
 * @throws PriorError saying what is wrong with it.
 */
export function readRecording(value: unknown): PriorRecording {
  const given = (typeof value === "object" && value !== null ? value : {}) as Partial<Record<keyof PriorRecording, unknown>>;
  if (given.format !== "mdpkit-prior-recording")
    throw new PriorError(`recording has format ${describeValue(given.format)}, expected "mdpkit-prior-recording".`);
  if (given.version !== 1) throw new PriorError(`recording has version ${describeValue(given.version)}, expected 1.`);
  if (typeof given.model !== "string" || given.model === "") throw new PriorError(`recording has model ${describeValue(given.model)}, expected a name.`);
  if (typeof given.recordedAt !== "string" || Number.isNaN(Date.parse(given.recordedAt))) {
    throw new PriorError(`recording has recordedAt ${describeValue(given.recordedAt)}, expected a date such as 2025-01-31T12:00:00Z.`);
  }
  if (given.server !== undefined && typeof given.server !== "string")
    throw new PriorError(`recording has server ${describeValue(given.server)}, expected text.`);
  checkMessages("recording's header", given.header);
  if (!Array.isArray(given.answers)) throw new PriorError(`recording has answers ${describeValue(given.answers)}, expected a list.`);
  for (const [i, answer] of (given.answers as readonly (Partial<Record<keyof RecordedAnswer, unknown>> | null)[]).entries()) {
    const where = `recording's answers[${i}]`;
    checkMessages(where, answer?.messages);
    if (!isTextList(answer?.actions) || !isTextList(answer?.answers) || answer.actions.length !== answer.answers.length) {
      throw new PriorError(
        `${where} has actions ${describeValue(answer?.actions)} and answers ${describeValue(answer?.answers)}, expected two lists of text of one length.`,
      );
    }
    checkScores(where, answer.scores, answer.actions.length);
  }
  return value as PriorRecording;
}

function questionKey(request: {
  readonly prompt: { readonly text: string };
  readonly actions: readonly string[];
  readonly answers: readonly string[];
}): string {
  return JSON.stringify([request.actions, request.answers, request.prompt.text]);
}

/** The messages all prompts begin with, but never a prompt's last. */
function sharedHeader(prompts: readonly (readonly ChatMessage[])[]): readonly ChatMessage[] {
  const first = prompts[0] ?? [];
  let shared = Math.max(0, Math.min(...prompts.map((messages) => messages.length - 1)));
  for (const messages of prompts) {
    for (let i = 0; i < shared; i++) if (messages[i]?.role !== first[i]?.role || messages[i]?.content !== first[i]?.content) shared = i;
  }
  return first.slice(0, shared);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function checkMessages(where: string, value: unknown): void {
  const fine =
    Array.isArray(value) &&
    value.every((m: Partial<ChatMessage> | null) => typeof m?.content === "string" && ["system", "user", "assistant"].includes(m.role ?? ""));
  if (!fine) throw new PriorError(`${where} has messages ${describeValue(value)}, expected a list of { role, content }.`);
}
