// A model in this process or page, through transformers.js: exact sums over the whole vocabulary. The caller loads model and tokenizer.
import { describeValue, OptionError, PriorError } from "../../errors.ts";
import type { ActionScores, ScoreOptions, ScoreRequest, Scorer } from "../scorer.ts";
import type { ListedToken } from "../token-scores.ts";
import { type NextTokens, walkTokens } from "../token-walk.ts";
import { Vocabulary } from "../vocabulary.ts";
import { type FormattedPrompt, plainFormat } from "./prompt-format.ts";

/** The part of transformers.js' tensors that is used. */
export interface TransformersTensor {
  readonly type: string;
  readonly data: ArrayLike<number | bigint>;
  readonly dims: readonly number[];
}

/** What `AutoTokenizer.from_pretrained` gives, as far as it is used. */
export interface TransformersTokenizer {
  (text: string, options: { readonly add_special_tokens: boolean }): { readonly input_ids: TransformersTensor };
  readonly eos_token_id?: number | null | undefined;
  readonly chat_template?: unknown;
  apply_chat_template(messages: { role: string; content: string }[], options: { readonly tokenize: false; readonly add_generation_prompt: true }): unknown;
  decode(tokens: number[], options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean }): string;
}

/** What `AutoModelForCausalLM.from_pretrained` gives: called with tensors, it answers logits of [1, tokens, vocabulary]. */
export type TransformersModel = (inputs: {
  readonly input_ids: TransformersTensor;
  readonly attention_mask: TransformersTensor;
}) => PromiseLike<{ readonly logits: TransformersTensor }>;

export interface TransformersJsOptions {
  readonly model: unknown;
  readonly tokenizer: unknown;
  /** The model's name, such as the one that it was loaded by. */
  readonly name: string;
  /** Tells these weights from others of the name: revision and dtype. */
  readonly digest?: string | undefined;
}

/** Makes a tensor as the tokenizer's own are made. */
type TensorClass = new (type: string, data: BigInt64Array, dims: number[]) => TransformersTensor;

/**
 * A scorer of a causal language model of transformers.js (`@huggingface/transformers` 3 or 4): for each action the probability that what the model writes
 * begins with it, summed over all tokens of the vocabulary.
 *
 * @remarks Each question evaluates its whole prompt. Questions are answered one after the other.
 * @throws OptionError. Its `score` throws PriorError.
 * @example
 * import { AutoModelForCausalLM, AutoTokenizer } from "@huggingface/transformers";
 * const name = "HuggingFaceTB/SmolLM2-135M-Instruct";
 * const [model, tokenizer] = await Promise.all([AutoModelForCausalLM.from_pretrained(name, { dtype: "fp32" }), AutoTokenizer.from_pretrained(name)]);
 * const scorer = transformersJs({ model, tokenizer, name, digest: "fp32" });
 */
export function transformersJs(options: TransformersJsOptions): Scorer {
  const { name, digest } = options;
  if (typeof options.model !== "function") throw new OptionError("model", options.model, "a model of AutoModelForCausalLM");
  if (typeof options.tokenizer !== "function") throw new OptionError("tokenizer", options.tokenizer, "a tokenizer of AutoTokenizer");
  const model = options.model as TransformersModel;
  const tokenizer = options.tokenizer as TransformersTokenizer;
  let vocabulary: Vocabulary | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function logitsAfter(tokens: readonly bigint[], makeTensor: TensorClass): Promise<Float64Array> {
    const dims = [1, tokens.length];
    const { logits } = await model({
      input_ids: new makeTensor("int64", BigInt64Array.from(tokens), dims),
      attention_mask: new makeTensor("int64", new BigInt64Array(tokens.length).fill(1n), dims),
    });
    const size = logits.dims.at(-1) ?? 0;
    if (logits.type !== "float32" || size < 1 || logits.data.length < size)
      throw new PriorError(
        `${name} gave logits of type ${describeValue(logits.type)} and shape ${logits.dims.join(" x ")}, expected float32, 1 x tokens x vocabulary.`,
      );
    const from = logits.data.length - size;
    return Float64Array.from({ length: size }, (_, i) => Number(logits.data[from + i]));
  }

  async function answer(request: ScoreRequest, { signal, beforeCall }: ScoreOptions): Promise<ActionScores> {
    signal?.throwIfAborted();
    const { text } = format(request);
    const { input_ids: ids } = tokenizer(text, { add_special_tokens: false });
    const prompt = Array.from(ids.data, BigInt);
    const makeTensor = ids.constructor as TensorClass;
    beforeCall?.(prompt.length);
    const next = async (path: readonly ListedToken[]): Promise<NextTokens> => {
      signal?.throwIfAborted();
      const logits = await logitsAfter([...prompt, ...path.map(({ id = 0 }) => BigInt(id))], makeTensor);
      vocabulary ??= vocabularyOf(logits.length);
      const logTotal = logSumExp(logits);
      if (!Number.isFinite(logTotal)) throw new PriorError(`${name} gave logits that are no numbers, expected finite ones.`);
      const listed = vocabulary.leadingTo(request.answers, path).map(({ id, text }) => ({ id, text, logProbability: Math.min(0, logits[id]! - logTotal) }));
      return { listed, complete: true, ending: vocabulary.ending };
    };
    const { positions, complete: _, ...scores } = await walkTokens(request.answers, next);
    const lengths = request.answers.map((given) => Math.max(1, tokenizer(given, { add_special_tokens: false }).input_ids.data.length));
    return { ...scores, method: "exact", calls: 1, lengths, usage: { input: prompt.length, output: positions - 1 } };
  }

  function format({ prompt }: ScoreRequest): FormattedPrompt {
    // Base models have no chat template.
    if (tokenizer.chat_template === undefined || tokenizer.chat_template === null) return plainFormat(prompt.messages);
    const messages = prompt.messages.map(({ role, content }) => ({ role, content }));
    const text = tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: true });
    if (typeof text !== "string") throw new PriorError(`the chat template of ${name} gave ${describeValue(text)}, expected text.`);
    return { text, lead: "" };
  }

  function vocabularyOf(size: number): Vocabulary {
    const decode = (id: number) => tokenizer.decode([id], { skip_special_tokens: false, clean_up_tokenization_spaces: false });
    const { eos_token_id: end } = tokenizer;
    return new Vocabulary(
      Array.from({ length: size }, (_, id) => ({ id, text: decode(id) })),
      new Set(typeof end === "number" ? [end] : []),
    );
  }

  return {
    info: async () => ({ source: "local", model: name, provider: "transformers.js", digest, ability: "exact" }),
    async score(request, scoring = {}) {
      const turn = last.then(() => answer(request, scoring));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/** ln Σ exp x. */
function logSumExp(values: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const x of values) largest = Math.max(largest, x);
  let total = 0;
  for (const x of values) total += Math.exp(x - largest);
  return largest + Math.log(total);
}
