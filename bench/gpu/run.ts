// npm run bench:gpu: sweeps a second on tensor devices beside the CPU kernels, as a share of what the device's memory moves. Writes its table into docs/tensors.md.
// Options: --branches 1e6,1e7 (sizes)  --batch 1,64  --devices cpu,wasm,webgpu,tensorflow  --rounds 5  --no-write
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { garnet } from "../../src/envs/index.ts";
import { cpuKernel, wasmKernel } from "../../src/kernels/index.ts";
import { findAdapter, findTensorflow, kernelOn, onBackend, startWebGpu, type TensorLike, type Tfjs } from "../../src/kernels/tensor/index.ts";
import type { Storage } from "../../src/mdp/index.ts";
import { machine } from "../machine.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { values: given } = parseArgs({
  options: {
    branches: { type: "string", default: "1e6,1e7" },
    batch: { type: "string", default: "1,64" },
    devices: { type: "string", default: "cpu,wasm,webgpu,tensorflow" },
    rounds: { type: "string", default: "5" },
    "no-write": { type: "boolean", default: false },
  },
});
process.env.XDG_RUNTIME_DIR ??= "/tmp";
if (process.env.MDPKIT_TFJS_NODE === undefined && existsSync(join(ROOT, ".tfjs-node"))) process.env.MDPKIT_TFJS_NODE = join(ROOT, ".tfjs-node");

const DISCOUNT = 0.99;
/** Sweeps a round: more would hide how long one takes to be asked for, fewer would measure that. */
const SWEEPS = 8;

/** Something that sweeps: `run` does so some times, and returns when all is done. */
interface Contender {
  readonly name: string;
  run(sweeps: number): Promise<void>;
  /** Bytes a second that the device's memory is seen to move. Undefined: not measured. */
  readonly bandwidth: number | undefined;
  dispose(): void;
}

interface Figure {
  readonly name: string;
  readonly branches: number;
  readonly batch: number;
  /** Milliseconds a sweep of the whole batch: of the fastest round, and of the processor in that round. */
  readonly wall: number;
  readonly processor: number;
  readonly share: number | undefined;
}

function onCpu(name: "cpu" | "wasm", storage: Storage, batch: number): Contender | undefined {
  const kernel = name === "cpu" ? cpuKernel(storage, DISCOUNT) : wasmKernel(storage, DISCOUNT, 2);
  if (kernel === undefined) return undefined;
  const [v, next, policy] = [kernel.vector(), kernel.vector(), kernel.policy()];
  return {
    name: name === "cpu" ? "plain TypeScript, float64" : "WebAssembly, 2 threads, float64",
    async run(sweeps) {
      for (let i = 0; i < sweeps * batch; i++) kernel.sweep(v, next, policy, 0, storage.stateCount, { min: 0, max: 0 });
    },
    bandwidth: undefined,
    dispose: () => kernel.release(),
  };
}

async function onTensors(name: string, tf: Tfjs, backend: string, storage: Storage, batch: number): Promise<Contender> {
  const kernel = onBackend(tf, backend, () => {
    return kernelOn(tf, storage, DISCOUNT, { batch });
  });
  return {
    name,
    async run(sweeps) {
      let v = kernel.values();
      for (let i = 0; i < sweeps; i++) {
        const next = kernel.sweep(v);
        v.dispose();
        v = next;
      }
      const change = kernel.change(v, v);
      await kernel.read(change);
      for (const tensor of [v, change]) tensor.dispose();
    },
    bandwidth: await bandwidthOf(tf, backend),
    dispose: () => kernel.dispose(),
  };
}

/** Bytes a second of x + 1 over 64 MiB: read once, written once; the best of some. */
async function bandwidthOf(tf: Tfjs, backend: string): Promise<number> {
  const length = 2 ** 24;
  const x = onBackend(tf, backend, () => tf.tensor(new Float32Array(length), [length], "float32"));
  let best = 0;
  for (let round = 0; round < 6; round++) {
    const started = performance.now();
    let last: TensorLike = x;
    for (let i = 0; i < 4; i++) {
      const next = onBackend(tf, backend, () => tf.add(last, 1));
      if (last !== x) last.dispose();
      last = next;
    }
    const end = onBackend(tf, backend, () => tf.tidy(() => tf.max(last, 0)));
    await end.data();
    for (const tensor of [end, last]) tensor.dispose();
    if (round > 0) best = Math.max(best, (4 * 8 * length) / ((performance.now() - started) / 1000));
  }
  x.dispose();
  return best;
}

/** What must move at least once a sweep: targets and probabilities, rewards, values in and out. */
function bytesOf({ target, choiceCount, stateCount }: Storage, batch: number): number {
  return 8 * target.length + 4 * choiceCount + 8 * stateCount * batch;
}

async function contenders(storage: Storage, batch: number, wanted: ReadonlySet<string>): Promise<Contender[]> {
  const found: (Contender | undefined)[] = [];
  for (const name of ["cpu", "wasm"] as const) if (wanted.has(name)) found.push(onCpu(name, storage, batch));
  if (wanted.has("webgpu")) {
    const adapter = await findAdapter();
    if ("missing" in adapter) console.error(`webgpu: skipped, ${adapter.missing}`);
    else
      found.push(
        await onTensors(`webgpu: ${adapter.name.split(":")[0]}${adapter.software ? " (software)" : ""}`, await startWebGpu(), "webgpu", storage, batch),
      );
  }
  if (wanted.has("tensorflow")) {
    const tensorflow = await findTensorflow();
    if ("missing" in tensorflow) console.error(`tensorflow: skipped, ${tensorflow.missing}`);
    else found.push(await onTensors(`tensorflow ${tensorflow.version}${tensorflow.gpu ? ", GPU" : ", CPU"}`, tensorflow.tf, "tensorflow", storage, batch));
  }
  return found.filter((contender) => contender !== undefined);
}

const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** All in turn, round after round, so that what else the machine does meets all of them. */
async function measure(storage: Storage, batch: number): Promise<Figure[]> {
  const all = await contenders(storage, batch, new Set(given.devices.split(",")));
  const best = all.map(() => ({ wall: Infinity, processor: Infinity }));
  const sweeps = Math.max(1, Math.round(SWEEPS / Math.sqrt(batch)));
  for (let round = 0; round <= Number(given.rounds); round++) {
    for (const [k, contender] of all.entries()) {
      const [wall, processor] = [performance.now(), processorTime()];
      await contender.run(round === 0 ? 1 : sweeps);
      const [took, used] = [(performance.now() - wall) / sweeps, (processorTime() - processor) / sweeps];
      const least = best[k];
      // The first round compiles and uploads.
      if (round === 0 || least === undefined) continue;
      best[k] = { wall: Math.min(least.wall, took), processor: Math.min(least.processor, used) };
    }
  }
  return all.map((contender, k) => {
    contender.dispose();
    const { wall = Number.NaN, processor = Number.NaN } = best[k] ?? {};
    const share = contender.bandwidth === undefined ? undefined : bytesOf(storage, batch) / (wall / 1000) / contender.bandwidth;
    return { name: contender.name, branches: storage.branchCount, batch, wall, processor, share };
  });
}

function table(figures: readonly Figure[]): string {
  const row = ({ name, branches, batch, wall, processor, share }: Figure) => {
    const plain = figures.find((other) => other.branches === branches && other.batch === batch && other.name.startsWith("plain"));
    const ratio = (own: number, base: number | undefined) => (base === undefined ? "" : (own / base).toFixed(2));
    const cells = [branches.toExponential(0).replace("e+", "e"), batch, name, wall.toFixed(1), ratio(wall, plain?.wall), processor.toFixed(1)];
    return `| ${[...cells, (1000 / wall).toPrecision(3), share === undefined ? "" : `${(100 * share).toFixed(0)}%`].join(" | ")} |`;
  };
  const head = "| branches | B | kernel | ms a sweep | / plain | processor ms | sweeps/s | of the memory's speed |\n|---:|---:|---|---:|---:|---:|---:|---:|";
  return [head, ...figures.map(row)].join("\n");
}

const figures: Figure[] = [];
for (const branches of given.branches.split(",").map(Number)) {
  const { storage } = garnet({ states: Math.round(branches / 100), actions: 10, branches: 10, seed: 1 }).mdp;
  for (const batch of given.batch.split(",").map(Number)) {
    figures.push(...(await measure(storage, batch)));
    console.log(table(figures));
  }
}
if (!given["no-write"]) {
  const { cpu, cores, memoryGib, node, date } = machine();
  const said = `Measured by \`npm run bench:gpu\` on ${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}, ${date} UTC; load average ${(loadavg()[0] ?? Number.NaN).toFixed(1)}.`;
  const path = join(ROOT, "docs/tensors.md");
  const page = readFileSync(path, "utf8");
  const [before, rest] = page.split("<!-- figures -->\n");
  const [, after] = (rest ?? "").split("<!-- end of figures -->");
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for figures`);
  writeFileSync(path, `${before}<!-- figures -->\n${said}\n\n${table(figures)}\n<!-- end of figures -->${after}`);
}
// Dawn and TensorFlow keep threads that wait for work.
process.exit(0);
