// The part of node-llama-cpp that is used, as interfaces: the package itself is only there if the user installed it.
import { describeValue, PriorError } from "../../errors.ts";

export interface LlamaLibrary {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<LlamaRuntime>;
  resolveChatWrapper(model: LlamaModel, options: { readonly type: string }): LlamaChatWrapper;
}

export interface LlamaRuntime {
  loadModel(options: { readonly modelPath: string }): Promise<LlamaModel>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  readonly size: number;
  readonly tokenizer: unknown;
  tokenize(text: string, specialTokens: boolean): readonly number[];
  detokenize(tokens: readonly number[], specialTokens: boolean): string;
  iterateAllTokens(): Iterable<number>;
  isEogToken(token: number): boolean;
  createContext(options: { readonly contextSize: number; readonly sequences: number }): Promise<{ getSequence(): LlamaContextSequence }>;
}

/** A token to evaluate, alone or with what is wanted after it. */
export type LlamaInput = number | readonly [token: number, wanted: unknown];

export interface LlamaContextSequence {
  readonly nextTokenIndex: number;
  clearHistory(): Promise<void>;
  eraseContextTokenRanges(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void>;
  controlledEvaluate(input: readonly LlamaInput[]): Promise<readonly (LlamaOutput | undefined)[]>;
}

export interface LlamaOutput {
  readonly next: { readonly logits?: ReadonlyMap<number, number> | undefined; readonly totalLogitWeight?: number | undefined };
}

export type LlamaHistoryItem = { readonly type: "system" | "user"; readonly text: string } | { readonly type: "model"; readonly response: readonly string[] };

export interface LlamaChatWrapper {
  generateContextState(options: { readonly chatHistory: readonly LlamaHistoryItem[] }): {
    readonly contextText: { tokenize(tokenizer: unknown): readonly number[] };
  };
}

/** @throws PriorError where the package lacks what is used of it. */
export function readLlamaLibrary(value: unknown): LlamaLibrary {
  const library = (typeof value === "object" && value !== null ? value : {}) as Partial<LlamaLibrary>;
  if (typeof library.getLlama !== "function" || typeof library.resolveChatWrapper !== "function")
    throw new PriorError(`library is ${describeValue(value)} without getLlama and resolveChatWrapper, expected node-llama-cpp 3.22 or later.`);
  return library as LlamaLibrary;
}
