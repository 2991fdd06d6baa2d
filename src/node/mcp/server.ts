// The Model Context Protocol server: the desk's work as tools, over any transport of the official SDK, which is loaded only here.
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { BackendError, MdpkitError } from "../../errors.ts";
import { packageVersion } from "../version.ts";
import type { World } from "../world.ts";
import { checkLimits, type McpLimits } from "./limits.ts";
import { type Answer, ModelDesk } from "./model-desk.ts";

const INSTRUCTIONS =
  "Markov decision processes, solved exactly. define a model (a built-in such as maze, or JSON), solve it to proven bounds, simulate policies, and ask why an action: every number comes with how far it can be from the truth.";

const MODEL = `A model. Either the name of a built-in: "maze", "grid:8x8,slip=0.1,seed=1", "frozen-lake:4x4", "taxi", "gambler:p=0.4", "recycling-robot", "forest:10", "inventory". Or an object {"states": count or labels, "actions": count or labels, "discount": 0 to 1, "objective": "maximize" or "minimize", "initial": state, "terminal": [states], "transitions": [[state, action, next state, probability, reward], ...]}: each (state, action) pair's probabilities sum to 1, and every state that is not terminal has a choice.`;

/** A server that is not connected yet. Each has models of its own. */
export async function mcpServer(limits: Partial<McpLimits> = {}): Promise<McpServer> {
  const desk = new ModelDesk(checkLimits(limits));
  const { McpServer, z } = await loadSdk();
  const server = new McpServer({ name: "mdpkit", version: packageVersion() }, { instructions: INSTRUCTIONS });
  const name = z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .describe("the model's name, up to 64 letters, digits, dots and dashes");
  const model = z.union([z.string().max(200), z.record(z.string(), z.unknown())]).describe(MODEL);
  const discount = z.number().min(0).max(1).optional().describe("goes before the model's own");
  const label = z.union([z.string().max(500), z.number()]);

  server.registerTool(
    "define",
    {
      description: "Keeps a model under a name, for the other tools. Refused with every fault named where it is no valid model.",
      inputSchema: { name, model, discount },
    },
    (args, { signal }) => answer(() => desk.define(args.name, args.model, args.discount, signal)),
  );
  server.registerTool(
    "check",
    {
      description: "Everything wrong with a model, or what is worth knowing about it. Keeps nothing.",
      inputSchema: { model, discount },
      annotations: { readOnlyHint: true },
    },
    (args, { signal }) => answer(() => desk.check(args.model, args.discount, signal)),
  );
  server.registerTool(
    "solve",
    {
      description: "The optimal value and policy of a model, with lower and upper bounds that are proven to hold them, rounding included.",
      inputSchema: {
        name,
        epsilon: z.number().positive().optional().describe("the largest true error of any value, absolute; 1e-6 if left out"),
        method: z.enum(["auto", "value-iteration", "gauss-seidel", "policy-iteration", "modified-policy-iteration"]).optional(),
        maxSeconds: z.number().positive().optional(),
        states: z.array(label).max(200).optional().describe("the states to list; the first 20 if left out"),
      },
    },
    (args, { signal }) => answer(() => desk.solve(args, signal)),
  );
  server.registerTool(
    "simulate",
    {
      description: "Plays a policy in a model: mean return with its standard error, the same for the same seed.",
      inputSchema: {
        name,
        episodes: z.number().int().min(1).max(1_000_000).default(1000),
        maxSteps: z.number().int().min(1).max(1_000_000).default(1000).describe("an episode is cut off after so many steps"),
        seed: z.number().int().min(0).default(0),
        policy: z
          .union([z.enum(["optimal", "uniform"]), z.record(z.string(), label)])
          .default("optimal")
          .describe('"optimal" (solve first), "uniform", or {state: action} for every state with choices'),
      },
    },
    (args, { signal }) => answer(() => desk.simulate(args, signal)),
  );
  server.registerTool(
    "explain",
    {
      description:
        "Why an action in a state, or why not: the optimal values of all its actions, what taking this one once loses, how sure that is. Solve first.",
      inputSchema: { name, state: label, action: label.optional().describe("the optimal policy's if left out") },
      annotations: { readOnlyHint: true },
    },
    (args) => answer(async () => desk.explain(args.name, args.state, args.action)),
  );
  server.registerTool("list", { description: "The models that are defined.", annotations: { readOnlyHint: true } }, () => answer(async () => desk.list()));
  return server;
}

/**
 * Serves over a world's standard input and output until the client leaves or the world's signal says so.
 *
 * @throws BackendError where the SDK is not installed; OptionError for a limit.
 */
export async function serveMcp(limits: Partial<McpLimits>, { stdin, stdout, signal }: Pick<World, "stdin" | "stdout" | "signal">): Promise<void> {
  const server = await mcpServer(limits);
  const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
  // A message is a model and what is around it, in bytes of UTF-8.
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: 4 * checkLimits(limits).characters + 2 ** 16 });
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    // The SDK does not look for the end of its input: a client that is gone leaves by it.
    stdin.once("end", resolve).once("close", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(transport);
  await closed;
  await server.close();
}

async function loadSdk() {
  try {
    const [{ McpServer }, { z }] = await Promise.all([import("@modelcontextprotocol/sdk/server/mcp.js"), import("zod")]);
    return { McpServer, z };
  } catch (cause) {
    throw new BackendError("the Model Context Protocol SDK cannot be loaded, expected @modelcontextprotocol/sdk to be installed.", {
      cause,
      hint: "npm install @modelcontextprotocol/sdk zod",
    });
  }
}

/** What a tool answers. A refusal is an answer too, marked as an error, with where, got, expected and hint. */
async function answer(work: () => Promise<Answer>): Promise<CallToolResult> {
  try {
    const { text, data, failed } = await work();
    const plain = withoutInfinities(data);
    return {
      content: [
        { type: "text", text },
        { type: "text", text: JSON.stringify(plain) },
      ],
      structuredContent: plain,
      ...(failed === true ? { isError: true } : {}),
    };
  } catch (error) {
    // What is not our own error may say more than a client should read.
    const text = error instanceof MdpkitError ? error.message : error instanceof Error && error.name === "AbortError" ? "cancelled" : "the call failed";
    const code = error instanceof MdpkitError ? error.code : "unknown";
    return { content: [{ type: "text", text }], structuredContent: { error: code, message: text }, isError: true };
  }
}

/** JSON has no infinities: they are the strings "Infinity" and "-Infinity", as everywhere in mdpkit's JSON. */
function withoutInfinities(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(data, (_, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value)));
}
