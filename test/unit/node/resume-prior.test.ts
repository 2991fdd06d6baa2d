// A run killed in the middle goes on where it was: a real process under SIGKILL, a server that counts what it answered.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "./built.ts";
import { spawnMdpkit, temporaryFolder } from "./support.ts";

beforeAll(ensureBuilt, 240_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

/** Answers like a chat, with log-probabilities or without, and holds every answer after the first `limit` until `limit` is raised. */
async function countingServer(logprobs: boolean) {
  const nothing = (): void => undefined;
  const state = { limit: Number.POSITIVE_INFINITY, answered: new Map<string, number>(), held: 0, onHeld: nothing };
  const top = ["up", "down", "left", "right"].map((token, i) => ({ token, logprob: Math.log([0.2, 0.1, 0.3, 0.35][i] ?? 0) }));
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (request.method === "GET") return void send(response, { data: [{ id: "counted" }] });
    if ([...state.answered.values()].reduce((sum, n) => sum + n, 0) >= state.limit) {
      state.held++;
      state.onHeld();
      return;
    }
    state.answered.set(body, (state.answered.get(body) ?? 0) + 1);
    send(response, { choices: [{ message: { content: '{"action":"right"}' }, logprobs: logprobs ? { content: [{ ...top[3], top_logprobs: top }] } : null }] });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/v1`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

describe("a run killed in the middle", () => {
  test.each([
    ["log-probabilities", true, 9],
    ["samples, one request each", false, 41],
    ["samples, before the first question is whole", false, 10],
  ])("resumes with no call repeated: %s", async (name, logprobs, limit) => {
    const server = await countingServer(logprobs);
    const args = ["prior", "maze", "--llm", server.url, "--cache", folder.at(name), "--json", "--concurrency", "3"];
    // Once each of the three workers waits for an answer, it has kept every answer that it got before.
    server.limit = limit;
    const allHeld = new Promise<void>((resolve) => {
      server.onHeld = () => void (server.held === 3 && resolve());
    });
    const first = spawnMdpkit(args);
    await allHeld;
    first.kill("SIGKILL");
    const killed = await first.done;
    expect({ code: killed.code, stdout: killed.stdout }).toEqual({ code: null, stdout: "" });
    server.limit = Number.POSITIVE_INFINITY;
    const { code, stdout, stderr } = await spawnMdpkit(args).done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const times = [...server.answered.values()];
    expect(new Set(times)).toEqual(new Set([1]));
    const { calls, cached, method } = JSON.parse(stdout) as { readonly calls: number; readonly cached: number; readonly method: string };
    expect(method).toBe(logprobs ? "logprobs" : "samples");
    expect(calls).toBe(times.length - limit);
    if (logprobs) expect(cached).toBe(limit);
    // And once more from the cache alone.
    const again = JSON.parse((await spawnMdpkit(args).done).stdout) as { readonly calls: number; readonly prior: unknown };
    expect(again.calls).toBe(0);
    expect(again.prior).toEqual((JSON.parse(stdout) as { readonly prior: unknown }).prior);
    expect(server.answered.size).toBe(times.length);
    await server.close();
  });

  test("a budget of calls ends a run, and the next goes on from there", async () => {
    const server = await countingServer(true);
    const args = ["prior", "maze", "--llm", server.url, "--cache", folder.at("budget"), "--json"];
    const first = await spawnMdpkit([...args, "--max-calls", "5"]).done;
    expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 3, stdout: "" });
    expect(first.stderr).toMatch(/budget of 5 calls.*Hint: .*larger budget/);
    expect(server.answered.size).toBe(5);
    const { code, stdout } = await spawnMdpkit(args).done;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cached: 5, calls: server.answered.size - 5 });
    expect(new Set(server.answered.values())).toEqual(new Set([1]));
    const bad = await spawnMdpkit(["prior", "maze", "--llm", server.url, "--max-cost", "1", "--price", "cheap", "--concurrency", "0"]).done;
    expect(bad.code).toBe(2);
    expect(bad.stderr.trim().split("\n")).toHaveLength(3);
    await server.close();
  });
});
