// A model file in this process, through node-llama-cpp: exact sums over the whole vocabulary. The package is looked for at run time.
import { OptionError, PriorError } from "../../errors.ts";
import type { ChatMessage } from "../prompt.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer, ScorerInfo } from "../scorer.ts";
import type { ListedToken } from "../token-scores.ts";
import { type NextTokens, walkTokens } from "../token-walk.ts";
import { Vocabulary, type VocabularyToken } from "../vocabulary.ts";
import { loadPeer } from "./load-peer.ts";
import { type LlamaContextSequence, type LlamaLibrary, type LlamaModel, type LlamaRuntime, readLlamaLibrary } from "./node-llama-cpp-library.ts";

export interface NodeLlamaCppOptions {
  /** A GGUF file. */
  readonly modelPath: string;
  /** The package, where it is not installed beside mdpkit: `await import("node-llama-cpp")`. */
  readonly library?: unknown;
  /** The model's name. Default: the file's, without its ending. */
  readonly name?: string | undefined;
  /** Tells this file from another of the same name: a hash of it. Default: its size. `fileDigest` of mdpkit/node makes one. */
  readonly digest?: string | undefined;
  /** Tokens of context. Default 2,048. */
  readonly contextSize?: number | undefined;
  /**
   * Whether what all prompts begin with is evaluated once (default), or all of each prompt at once, as a server without a prompt cache does. Either way
   * answers do not depend on the order of questions; between the two, quantised models differ by some hundredths to tenths of a nat.
   */
  readonly reuseHeader?: boolean | undefined;
  /** Further options of `getLlama`, such as `{ gpu: false, maxThreads: 2 }`. */
  readonly runtime?: Readonly<Record<string, unknown>> | undefined;
}

/** A scorer that holds a model in memory until it is disposed of. */
export interface LocalScorer extends Scorer {
  dispose(): Promise<void>;
}

/**
 * Loads a model file and scores with it: for each action the probability that what the model writes begins with it, summed over all tokens of the vocabulary.
 *
 * @remarks Prompts are written by the file's own chat template, and only the template's marks become control tokens: text of prompts never does.
 *   Questions are answered one after the other, however many are asked at once.
 * @throws PriorError where the package or the file cannot be loaded; OptionError.
 * @example
 * const scorer = await nodeLlamaCpp({ modelPath: "SmolLM2-135M-Instruct.Q4_1.gguf" });
 * const prior = await elicitPrior(maze.mdp, { scorer, describe: maze.describe, task: maze.task, ...gridPrompts });
 * await scorer.dispose();
 */
export async function nodeLlamaCpp(options: NodeLlamaCppOptions): Promise<LocalScorer> {
  const contextSize = options.contextSize ?? 2048;
  if (!(Number.isInteger(contextSize) && contextSize >= 64)) throw new OptionError("contextSize", contextSize, "an integer >= 64");
  const library = readLlamaLibrary(options.library ?? (await loadPeer("node-llama-cpp", "npm i node-llama-cpp")));
  // Never builds or downloads anything: what came with the package, or an error.
  const llama = await library.getLlama({ build: "never", logLevel: "error", ...options.runtime });
  try {
    const model = await llama.loadModel({ modelPath: options.modelPath });
    const context = await model.createContext({ contextSize, sequences: 1 });
    return new LlamaScorer(options, library, llama, model, context.getSequence());
  } catch (cause) {
    await llama.dispose();
    throw new PriorError(
      `${options.modelPath} cannot be loaded as a model (${cause instanceof Error ? cause.message : String(cause)}), expected a GGUF file.`,
      {
        cause,
      },
    );
  }
}

class LlamaScorer implements LocalScorer {
  readonly #info: ScorerInfo;
  readonly #library: LlamaLibrary;
  readonly #llama: LlamaRuntime;
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;
  readonly #reuseHeader: boolean;
  readonly #vocabulary: Vocabulary;
  /** What is evaluated now: the header of the last prompt, as tokens. */
  #header: readonly number[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: NodeLlamaCppOptions, library: LlamaLibrary, llama: LlamaRuntime, model: LlamaModel, sequence: LlamaContextSequence) {
    this.#library = library;
    this.#llama = llama;
    this.#model = model;
    this.#sequence = sequence;
    this.#reuseHeader = options.reuseHeader ?? true;
    const tokens: VocabularyToken[] = [];
    const ending = new Set<number>();
    for (const id of model.iterateAllTokens()) {
      if (model.isEogToken(id)) ending.add(id);
      tokens.push({ id, text: model.detokenize([id], true) });
    }
    this.#vocabulary = new Vocabulary(tokens, ending);
    this.#info = {
      source: "local",
      model: options.name ?? nameOf(options.modelPath),
      provider: "node-llama-cpp",
      digest: options.digest ?? `${model.size} bytes`,
      ability: "exact",
      parameters: { reuseHeader: this.#reuseHeader },
    };
  }

  async info(): Promise<ScorerInfo> {
    return this.#info;
  }

  async score(request: ScoreRequest, options: ScoreOptions = {}): Promise<ActionScores> {
    // One sequence, one question at a time.
    const turn = this.#last.then(() => this.#answer(request, options));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async dispose(): Promise<void> {
    await this.#last;
    await this.#llama.dispose();
  }

  async #answer(request: ScoreRequest, { signal, beforeCall }: ScoreOptions): Promise<ActionScores> {
    signal?.throwIfAborted();
    const { messages } = request.prompt;
    const prompt = this.#tokensOf(messages, true);
    beforeCall?.(prompt.length);
    const shared = this.#reuseHeader ? sharedLength(prompt, this.#tokensOf(messages.slice(0, -1), false)) : 0;
    await this.#prepare(prompt.slice(0, shared));
    const walked = await walkTokens(request.answers, async (path) => {
      signal?.throwIfAborted();
      return this.#next(request.answers, prompt, shared, path);
    });
    const { positions, complete: _, ...scores } = walked;
    return {
      ...scores,
      method: "exact",
      calls: 1,
      lengths: request.answers.map((answer) => Math.max(1, this.#model.tokenize(answer, false).length)),
      usage: { input: prompt.length, output: positions - 1 },
    };
  }

  /** Has `header`, and nothing after it, evaluated. */
  async #prepare(header: readonly number[]): Promise<void> {
    const same = header.length === this.#header.length && header.every((token, i) => token === this.#header[i]);
    if (same) return;
    this.#header = [];
    await this.#sequence.clearHistory();
    if (header.length > 0) await this.#sequence.controlledEvaluate(header);
    this.#header = header;
  }

  /** The log-probabilities of the tokens that can lead to an answer after the prompt and a path. The first path asked about is the empty one. */
  async #next(answers: readonly string[], prompt: readonly number[], shared: number, path: readonly ListedToken[]): Promise<NextTokens> {
    const from = path.length === 0 ? shared : prompt.length;
    const sequence = this.#sequence;
    await sequence.eraseContextTokenRanges([{ start: from, end: sequence.nextTokenIndex }]);
    const input = path.length === 0 ? prompt.slice(shared) : path.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const candidates = this.#vocabulary.leadingTo(answers, path);
    // The largest logit of all is needed too. Not by includeMax, which in version 3.22 adds it only where the filter holds it already.
    const filter = { tokens: candidates.map(({ id }) => id), includeTop: 1 };
    const outputs = await sequence.controlledEvaluate([
      ...input.slice(0, -1),
      [input.at(-1) ?? 0, { generateNext: { logits: { filter }, totalLogitWeight: true } }],
    ]);
    const next = outputs.at(-1)?.next;
    if (next?.logits === undefined || next.totalLogitWeight === undefined)
      throw new PriorError("node-llama-cpp gave no logits, expected version 3.22 or later.");
    let most = Number.NEGATIVE_INFINITY;
    for (const logit of next.logits.values()) most = Math.max(most, logit);
    const logTotal = most + Math.log(next.totalLogitWeight);
    const { logits } = next;
    const listed = candidates.flatMap(({ id, text }) => {
      const logit = logits.get(id);
      return logit === undefined ? [] : [{ id, text, logProbability: Math.min(0, logit - logTotal) }];
    });
    return { listed, complete: true, ending: this.#vocabulary.ending };
  }

  #tokensOf(messages: readonly ChatMessage[], answerNext: boolean): number[] {
    const history = messages.map(({ role, content }) =>
      role === "assistant" ? { type: "model" as const, response: [content] } : { type: role, text: content },
    );
    // The file's own template, where it has one: what a server of the same file would write.
    const wrapper = this.#library.resolveChatWrapper(this.#model, { type: "jinjaTemplate" });
    const { contextText } = wrapper.generateContextState({ chatHistory: answerNext ? [...history, { type: "model", response: [] }] : history });
    return [...contextText.tokenize(this.#model.tokenizer)];
  }
}

function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.gguf$/i, "");
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
