// An OpenAI-compatible server for tests: it likes "right" and "down", counts its calls, and can be told to misbehave.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeServer {
  readonly url: string;
  /** POST requests answered so far. */
  calls: number;
  /** The names asked for. */
  readonly models: string[];
  readonly authorization: (string | undefined)[];
  /** Prompts seen, as JSON. */
  readonly prompts: string[];
  close(): Promise<void>;
}

export type Behaviour = "logprobs" | "error" | "not-json" | "no-models" | "slow";

const SHARES: Readonly<Record<string, number>> = { right: 0.4, down: 0.3, left: 0.15, up: 0.1 };

/** Starts a server on a free port of this machine. */
export async function fakeServer(behaviour: Behaviour = "logprobs"): Promise<FakeServer> {
  const state = { calls: 0, models: [] as string[], authorization: [] as (string | undefined)[], prompts: [] as string[] };
  const server: Server = createServer((request, response) => void answer(request, response, behaviour, state));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  state: { calls: number; models: string[]; authorization: (string | undefined)[]; prompts: string[] },
): Promise<void> {
  const send = (status: number, body: string) => response.writeHead(status, { "content-type": "application/json" }).end(body);
  if (behaviour === "slow") return;
  if (behaviour === "error") return void send(400, '{"error":{"message":"no"}}');
  if (behaviour === "not-json") return void send(200, "<html>");
  if (request.method === "GET")
    return void send(200, JSON.stringify({ object: "list", data: behaviour === "no-models" ? [] : [{ id: "tiny-model" }, { id: "other" }] }));
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const body = JSON.parse(text) as { readonly model: string; readonly messages: readonly { readonly content: string }[] };
  state.calls++;
  state.models.push(body.model);
  state.authorization.push(request.headers.authorization);
  state.prompts.push(JSON.stringify(body.messages));
  const features = body.messages.at(-1)?.content ?? "";
  // Where the goal is changes the answer a little, so that it tells something about the state.
  const tilt = (word: string) => ((SHARES[word] ?? 0.01) * (features.includes(` ${word}`) ? 2 : 1)) / 3;
  const top = Object.keys(SHARES).map((token) => ({ token, logprob: Math.log(tilt(token)), bytes: null }));
  const first = top[0];
  send(
    200,
    JSON.stringify({
      choices: [
        { index: 0, message: { role: "assistant", content: "right" }, logprobs: { content: [{ ...first, top_logprobs: top }] }, finish_reason: "length" },
      ],
    }),
  );
}
