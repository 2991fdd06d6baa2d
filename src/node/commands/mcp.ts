// mdpkit mcp: a Model Context Protocol server on standard input and output.
import { type CommandModule, examples, type Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { DEFAULT_LIMITS, type McpLimits } from "../mcp/limits.ts";
import { serveMcp } from "../mcp/server.ts";
import { OptionReader } from "../options.ts";

export const mcp: CommandModule = {
  declare(command) {
    command
      .option("--max-states <number>", `states of a model (default: ${DEFAULT_LIMITS.states})`)
      .option("--max-branches <number>", `branches of a model (default: ${DEFAULT_LIMITS.branches})`)
      .option("--max-models <number>", `models kept at once (default: ${DEFAULT_LIMITS.models})`)
      .option("--max-seconds <number>", `seconds one call may take (default: ${DEFAULT_LIMITS.seconds})`)
      .option("--max-concurrent <number>", `calls that compute at the same time (default: ${DEFAULT_LIMITS.concurrent})`)
      .addHelpText(
        "after",
        `${examples([["mdpkit mcp --max-seconds 10", "tools define, check, solve, simulate, explain, list"]])}

A client's configuration:
  {"mcpServers": {"mdpkit": {"command": "npx", "args": ["mdpkit", "mcp"]}}}
Needs the packages @modelcontextprotocol/sdk and zod beside mdpkit.`,
      );
  },
  run,
};

async function run({ options, world }: Invocation): Promise<ExitCode> {
  const read = new OptionReader(options);
  const limits: { -readonly [K in keyof McpLimits]?: number | undefined } = {
    states: read.number("maxStates", { min: 1, integer: true }),
    branches: read.number("maxBranches", { min: 1, integer: true }),
    models: read.number("maxModels", { min: 1, integer: true }),
    seconds: read.number("maxSeconds", { min: 0, above: true }),
    concurrent: read.number("maxConcurrent", { min: 1, integer: true }),
  };
  read.done();
  const given = Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
  await serveMcp(given, world);
  return EXIT.ok;
}
