// A real HTTP server that gives canned answers: for the ways in which a model server fails. No language model answers here.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer: a status with a body (text as it is, anything else as JSON), or "hang" for none at all. */
export type Canned = "hang" | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown };

export interface CannedServer {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback interface; `answer` is called once a request, with how many came before it. */
export async function cannedServer(answer: (request: Received, index: number) => Canned): Promise<CannedServer> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    void respond(request, response, received, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  received: Received[],
  answer: (request: Received, index: number) => Canned,
): Promise<void> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const one: Received = {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
  received.push(one);
  const canned = answer(one, received.length - 1);
  if (canned === "hang") return;
  const body = typeof canned.body === "string" ? canned.body : JSON.stringify(canned.body);
  response.writeHead(canned.status ?? 200, { "content-type": "application/json", ...canned.headers });
  response.end(body);
}

/** A chat completion that lists tokens at one position each. */
export function chatAnswer(...positions: (readonly (readonly [token: string, probability: number])[])[]): Canned {
  const content = positions.map((tokens) => {
    const listed = tokens.map(([token, p]) => ({ token, bytes: null, logprob: Math.log(p) }));
    return { ...listed[0], top_logprobs: listed };
  });
  return {
    body: { object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: positions[0]?.[0]?.[0] ?? "" }, logprobs: { content } }] },
  };
}

/** A chat completion without log-probabilities, as servers answer that do not give them. */
export function plainAnswer(text: string): Canned {
  return { body: { object: "chat.completion", choices: [{ index: 0, message: { role: "assistant", content: text }, logprobs: null }] } };
}

export const MODEL_LIST: Canned = {
  body: {
    object: "list",
    data: [
      { id: "first-model", object: "model" },
      { id: "second-model", object: "model" },
    ],
  },
};
