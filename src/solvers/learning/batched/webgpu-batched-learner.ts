// Batched Q-learning on a GPU: tables and environments stay there, and the same run comes out as on the CPU, bit by bit.
import { BackendError } from "../../../errors.ts";
import type { BatchedLearner, BatchedRule, BatchedState } from "./batched-learner.ts";
import { CpuBatchedLearner } from "./batched-learner.ts";
import { BATCHED_WGSL, GROUP } from "./batched-wgsl.ts";
import { AS_CHOICE, type SamplingModel } from "./sampling-model.ts";

/** Synchronous steps of one submission, at most. */
const SUBMITTED = 1024;

/** WebGPU's flags, as the specification numbers them: not every runtime has them as globals. */
const USAGE = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
const COMPUTE = 0x4;
const MAP_READ = 0x1;

const READ_ONLY = new Set(["choices", "branches", "states", "starts", "rates"]);

export class WebGpuBatchedLearner implements BatchedLearner {
  readonly device = "webgpu";
  readonly #gpu: GPUDevice;
  readonly #rule: BatchedRule;
  readonly #choiceCount: number;
  readonly #buffers: ReadonlyMap<string, GPUBuffer>;
  readonly #act: GPUComputePipeline;
  readonly #learn: GPUComputePipeline;
  readonly #actGroup: GPUBindGroup;
  readonly #learnGroup: GPUBindGroup;
  #step = 0;

  private constructor(gpu: GPUDevice, rule: BatchedRule, choiceCount: number, buffers: ReadonlyMap<string, GPUBuffer>) {
    this.#gpu = gpu;
    this.#rule = rule;
    this.#choiceCount = choiceCount;
    this.#buffers = buffers;
    const module = gpu.createShaderModule({ code: BATCHED_WGSL });
    const pipeline = (entryPoint: string, used: readonly string[]): [GPUComputePipeline, GPUBindGroup] => {
      const names = [...buffers.keys()];
      const layout = gpu.createBindGroupLayout({
        entries: used.map((name) => ({
          binding: names.indexOf(name),
          visibility: COMPUTE,
          buffer: { type: name === "rule" ? "uniform" : READ_ONLY.has(name) ? "read-only-storage" : "storage" },
        })),
      });
      const entries = used.flatMap((name) => {
        const buffer = buffers.get(name);
        return buffer === undefined ? [] : [{ binding: names.indexOf(name), resource: { buffer } }];
      });
      return [
        gpu.createComputePipeline({ layout: gpu.createPipelineLayout({ bindGroupLayouts: [layout] }), compute: { module, entryPoint } }),
        gpu.createBindGroup({ layout, entries }),
      ];
    };
    // Eight storage buffers are what every WebGPU device binds at once.
    [this.#act, this.#actGroup] = pipeline("act", ["rule", "choices", "branches", "states", "starts", "q", "tally", "envs", "clock"]);
    [this.#learn, this.#learnGroup] = pipeline("learn", ["rule", "q", "tally", "envs", "clock", "rates"]);
  }

  /** @throws BackendError where the device refuses: out of memory, a table longer than it binds. */
  static async start(gpu: GPUDevice, model: SamplingModel, rule: BatchedRule, initialQ: Int32Array): Promise<WebGpuBatchedLearner> {
    const { choiceCount, stateChoices, start } = model;
    const begun = await new CpuBatchedLearner(model, rule, initialQ).read();
    const quads = (count: number, ...parts: readonly (ArrayLike<number> | undefined)[]): Int32Array => {
      const all = new Int32Array(4 * count);
      for (const [k, part] of parts.entries()) if (part !== undefined) for (let i = 0; i < count; i++) all[4 * i + k] = part[i]!;
      return all;
    };
    const own = model.branchReward ?? new Int32Array(model.next.length).fill(AS_CHOICE);
    const contents: Readonly<Record<string, Int32Array | Uint32Array>> = {
      rule: Uint32Array.of(rule.envs, rule.maxSteps, rule.discount, rule.rates.length, ...rule.key, start.state.length, 0),
      choices: quads(choiceCount, model.firstBranch, model.branchCount, model.reward),
      branches: quads(model.next.length, model.threshold, model.alias, model.next, own),
      states: stateChoices,
      starts: quads(start.state.length, start.state, start.threshold, start.alias),
      q: initialQ,
      tally: new Int32Array(4 * choiceCount),
      envs: quads(rule.envs, begun.state),
      clock: new Uint32Array(2 + SUBMITTED),
      rates: rule.rates,
    };
    const longest = gpu.limits.maxStorageBufferBindingSize;
    const long = Object.entries(contents).find(([, content]) => content.byteLength > longest);
    if (long !== undefined)
      throw new BackendError(`${long[0]} takes ${long[1].byteLength} bytes, expected at most the ${longest} that the device binds at once.`);
    gpu.pushErrorScope("out-of-memory");
    gpu.pushErrorScope("validation");
    const buffers = new Map(Object.entries(contents).map(([name, content]) => [name, bufferOf(gpu, name, content)]));
    const learner = new WebGpuBatchedLearner(gpu, rule, choiceCount, buffers);
    const faults = [await gpu.popErrorScope(), await gpu.popErrorScope()];
    for (const fault of faults) {
      if (fault === null) continue;
      learner.release();
      throw new BackendError(`the device refused the learner: ${fault.message}`);
    }
    return learner;
  }

  async advance(cuts: Uint32Array): Promise<void> {
    for (let from = 0; from < cuts.length; from += SUBMITTED) await this.#submit(cuts.subarray(from, from + SUBMITTED));
  }

  async #submit(cuts: Uint32Array): Promise<void> {
    const clock = this.#buffer("clock");
    this.#gpu.queue.writeBuffer(clock, 0, Uint32Array.of(this.#step, 0, ...cuts));
    const encoder = this.#gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const groups = Math.ceil(this.#rule.envs / GROUP);
    for (let i = 0; i < cuts.length; i++) {
      pass.setPipeline(this.#act);
      pass.setBindGroup(0, this.#actGroup);
      pass.dispatchWorkgroups(groups);
      pass.setPipeline(this.#learn);
      pass.setBindGroup(0, this.#learnGroup);
      pass.dispatchWorkgroups(groups);
    }
    pass.end();
    this.#gpu.queue.submit([encoder.finish()]);
    this.#step += cuts.length;
    await this.#gpu.queue.onSubmittedWorkDone();
  }

  async read(): Promise<BatchedState> {
    const [q, tally, envs] = await Promise.all([this.#download("q"), this.#download("tally"), this.#download("envs")]);
    const every = (from: Int32Array, part: number): Int32Array => Int32Array.from({ length: from.length / 4 }, (_, i) => from[4 * i + part]!);
    return {
      q: q.subarray(0, this.#choiceCount),
      updates: Uint32Array.from(every(tally, 3)),
      state: every(envs, 0),
      elapsed: every(envs, 1),
      step: this.#step,
      episodes: every(envs, 3).reduce((sum, n) => sum + n, 0),
    };
  }

  release(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }

  #buffer(name: string): GPUBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new BackendError(`the learner has no buffer ${name}.`);
    return buffer;
  }

  async #download(name: string): Promise<Int32Array> {
    const source = this.#buffer(name);
    const staging = this.#gpu.createBuffer({ size: source.size, usage: USAGE.mapRead | USAGE.copyTarget });
    try {
      const encoder = this.#gpu.createCommandEncoder();
      encoder.copyBufferToBuffer(source, 0, staging, 0, source.size);
      this.#gpu.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_READ);
      return new Int32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }
}

function bufferOf(gpu: GPUDevice, name: string, content: Int32Array | Uint32Array): GPUBuffer {
  const usage = (name === "rule" ? USAGE.uniform : USAGE.storage | USAGE.copySource) | USAGE.copyTarget;
  const buffer = gpu.createBuffer({ size: Math.max(16, content.byteLength), usage });
  gpu.queue.writeBuffer(buffer, 0, content.buffer, content.byteOffset, content.byteLength);
  return buffer;
}
