// mdpkit doctor: what this machine offers, what is missing, and how to get it. It measures nothing and claims nothing it has not seen.
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { dirname } from "node:path";
import { makeBuiltIn } from "../../envs/index.ts";
import { wasmKernel } from "../../kernels/index.ts";
import { findAdapter, findTensorflow } from "../../kernels/tensor/index.ts";
import { explainAuto } from "../../solvers/index.ts";
import { cacheFolder } from "../cache-folder.ts";
import { type CommandModule, examples, type Invocation } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { bytes, textTable } from "../format-number.ts";
import { jsonLine } from "../json-line.ts";
import { OptionReader } from "../options.ts";
import { styleOf } from "../style.ts";
import { packageVersion } from "../version.ts";
import { writeChunks, writeText } from "../world.ts";

interface Finding {
  readonly name: string;
  readonly state: "ok" | "missing";
  readonly note: string;
}

export const doctor: CommandModule = {
  declare(command) {
    command.option("--json", "print one JSON object").addHelpText("after", examples([["mdpkit doctor", "kernels, optional parts, cache folder"]]));
  },
  run,
};

async function run({ options, world }: Invocation): Promise<ExitCode> {
  const read = new OptionReader(options);
  const json = read.flag("json");
  read.done();
  const cache = cacheFolder(world.env);
  const findings: Finding[] = [
    { name: "Node", state: "ok", note: `${process.versions.node} on ${process.platform} ${process.arch} (20.19 or later is needed)` },
    { name: "memory", state: "ok", note: bytes(totalmem()) },
    {
      name: "cores",
      state: "ok",
      note: `${availableParallelism()}; the wasm kernel shares synchronous sweeps of large models among as many threads (--threads)`,
    },
    { name: "kernel cpu", state: "ok", note: "float64, certified; the reference" },
    wasmFinding(),
    await webGpuFinding(),
    await tensorflowFinding(),
    ...TFJS_PACKAGES.map(([name, purpose]) => peer(name, `${purpose}: npm install ${name}`)),
    ...(await autoFindings()),
    peer("node-llama-cpp", "only for making new recordings; demo and --llm URL do not need it: npm install node-llama-cpp"),
    peer("@modelcontextprotocol/sdk", "only for mdpkit mcp: npm install @modelcontextprotocol/sdk zod"),
    { name: "fetch", state: "ok", note: "built in: --llm URL talks to any OpenAI-compatible server" },
    await cacheFinding(cache),
  ];
  if (json) {
    await writeChunks(world.stdout, jsonLine({ version: packageVersion(), findings }));
    return EXIT.ok;
  }
  const style = styleOf(world.stdout, world.env);
  const marks = { ok: style.green("ok"), missing: style.yellow("missing") };
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, state, note }) => `${name.padEnd(width)}  ${marks[state]}${" ".repeat(8 - state.length)}${note}`);
  await writeText(world.stdout, `${style.bold(`mdpkit ${packageVersion()}`)}\n${textTable(lines.map((line) => [line]))}\n`);
  return EXIT.ok;
}

/** Compiled and started here, on a model of a few states. */
function wasmFinding(): Finding {
  const { storage } = makeBuiltIn("recycling-robot").mdp;
  if (wasmKernel(storage, 0.9) === undefined)
    return { name: "kernel wasm", state: "missing", note: "WebAssembly cannot be had here: --device wasm ends with exit code 3" };
  return { name: "kernel wasm", state: "ok", note: "float64, certified, the same numbers; --device auto takes it for large models" };
}

const TFJS_PACKAGES = [
  ["@tensorflow/tfjs-core", "tensors: --device webgpu, mdpkit/tensor"],
  ["@tensorflow/tfjs-backend-webgpu", "--device webgpu"],
  ["webgpu", "WebGPU under Node"],
] as const;

/** The adapter that WebGPU finds, and its limits. */
async function webGpuFinding(): Promise<Finding> {
  const name = "device webgpu";
  const adapter = await findAdapter();
  if ("missing" in adapter) {
    const install = "npm install webgpu @tensorflow/tfjs-core @tensorflow/tfjs-backend-webgpu, and a Vulkan (Linux), Metal or D3D12 driver";
    return { name, state: "missing", note: `${adapter.missing}; --device webgpu ends with exit code 3. To have it: ${install}` };
  }
  const kind = adapter.software ? "software: slower than the CPU kernels, only for trying things out, never chosen by auto" : "a GPU of hardware";
  return { name, state: "ok", note: `${adapter.name} (${kind}); arrays are bound ${bytes(adapter.bindingLimit)} at a time` };
}

async function tensorflowFinding(): Promise<Finding> {
  const name = "device tensorflow";
  const found = await findTensorflow();
  if ("missing" in found) {
    const install = "npm install @tensorflow/tfjs-node (or -gpu), or build one by scripts/build-tfjs-node.sh and set MDPKIT_TFJS_NODE to its folder";
    return { name, state: "missing", note: `${found.missing}; --device tensorflow ends with exit code 3. To have it: ${install}` };
  }
  return { name, state: "ok", note: `TensorFlow ${found.version} on ${found.gpu ? "a GPU" : "the CPU: auto does not choose it"}` };
}

/** What auto would choose for models of some sizes. */
async function autoFindings(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const branches of [1e3, 1e6, 1e7]) {
    const { device, why } = await explainAuto(branches);
    findings.push({ name: `auto, ${branches.toLocaleString("en-US")} branches`, state: "ok", note: `${device}: ${why}` });
  }
  return findings;
}

/** Whether an optional package is installed where mdpkit is. */
function peer(name: string, install: string): Finding {
  try {
    createRequire(import.meta.url).resolve(name);
    return { name, state: "ok", note: "installed" };
  } catch {
    return { name, state: "missing", note: `optional: ${install}` };
  }
}

/** The answer cache: the folder, or the nearest one above it that exists, must be writable. */
async function cacheFinding(folder: string): Promise<Finding> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK);
      return { name: "answer cache", state: "ok", note: folder };
    } catch (error) {
      const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (absent && dirname(at) !== at) continue;
      return { name: "answer cache", state: "missing", note: `${folder} cannot be written; set XDG_CACHE_HOME or use --cache DIR` };
    }
  }
}
