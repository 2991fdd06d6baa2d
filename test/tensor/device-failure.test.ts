// Devices that fail: a lost GPU, one that takes no more, none at all. The answer stays as certain, or the error says what is missing.
import { afterEach, describe, expect, test, vi } from "vitest";
import { garnet } from "../../src/envs/index.ts";
import { BackendError, OptionError, UnsupportedModelError } from "../../src/errors.ts";
import { platform } from "../../src/platform/node.ts";
import { chooseDevice, WORTH_A_GPU } from "../../src/solvers/device/choose-device.ts";
import { solve, valueIteration, verify } from "../../src/solvers/index.ts";
import { backends } from "./backends.ts";

const { mdp } = garnet({ states: 400, actions: 3, branches: 4, seed: 3 });
const webgpu = (await backends()).find(({ name }) => name === "webgpu");
if (webgpu === undefined) throw new Error("webgpu is not among the backends");

afterEach(() => {
  vi.restoreAllMocks();
});

describe("webgpu", () => {
  if ("missing" in webgpu) {
    test("a lost device", (context) => context.skip(webgpu.missing));
    return;
  }
  const { tf } = webgpu;
  type Fragile = { device: { destroy(): void; createBuffer(descriptor: { size: number }): object } };
  const backend = () => tf.findBackend("webgpu") as unknown as Fragile;

  test("out of memory: the CPU goes on, with a warning", async () => {
    const warned = vi.spyOn(platform, "warn").mockImplementation(() => undefined);
    const { device } = backend();
    const create = device.createBuffer.bind(device);
    // A simulated shortage: the real call, refused from some size on as a full device refuses it.
    const spy = vi.spyOn(device, "createBuffer").mockImplementation((descriptor) => {
      if (descriptor.size > 10_000) throw new RangeError("createBuffer failed, size (simulated) is too large for the implementation");
      return create(descriptor);
    });
    const best = await solve(mdp, { device: "webgpu", epsilon: 1e-9 });
    spy.mockRestore();
    expect(warned).toHaveBeenCalledOnce();
    expect(best.status).toBe("converged");
    expect(best.device).toMatch(/^webgpu\+/);
    expect((await verify(mdp, best)).holds).toBe(true);
  });

  test("auto leaves a software GPU alone, however large the model", async () => {
    if (!webgpu.facts.endsWith("software")) return;
    const large = { ...mdp.storage, target: { length: WORTH_A_GPU } as Int32Array };
    expect(await chooseDevice(large, { device: "auto", discount: 0.9 })).toBeUndefined();
  });

  // Last: nothing runs on that device afterwards.
  test("a device lost in the middle of a solve: the CPU goes on, with a warning; the next solve starts a new one", async () => {
    const warned = vi.spyOn(platform, "warn").mockImplementation(() => undefined);
    let sweeps = 0;
    const best = await valueIteration(mdp, {
      device: "webgpu",
      epsilon: 1e-9,
      onProgress: ({ sweep }) => {
        if (sweeps === 0) backend().device.destroy();
        sweeps = sweep;
      },
    });
    expect(warned).toHaveBeenCalledOnce();
    expect(best.status).toBe("converged");
    expect(best.device).toMatch(/^webgpu\+/);
    expect(best.history.some(({ stage, note }) => stage === "device" && /lost/.test(note ?? ""))).toBe(true);
    expect((await verify(mdp, best)).holds).toBe(true);
    const again = await solve(mdp, { device: "webgpu", epsilon: 1e-9 });
    expect(again.device).toBe("webgpu");
  });
});

describe("what devices do not do is refused", () => {
  test("discount 1", async () => {
    await expect(solve(mdp, { device: "webgpu", discount: 1 })).rejects.toThrow(UnsupportedModelError);
  });

  test("in-place sweeps", async () => {
    await expect(solve(mdp, { device: "webgpu", method: "gauss-seidel" })).rejects.toThrow(OptionError);
  });

  test("a word that is no device", async () => {
    await expect(solve(mdp, { device: "gpu" as "webgpu" })).rejects.toThrow(OptionError);
  });

  test("tensorflow that is not installed", async () => {
    vi.spyOn(platform, "loadNativeTensorflow").mockResolvedValue(undefined);
    await expect(solve(mdp, { device: "tensorflow" })).rejects.toThrow(BackendError);
  });

  test("webgpu without an adapter", async () => {
    vi.spyOn(platform, "findGpu").mockResolvedValue({ requestAdapter: async () => null });
    await expect(solve(mdp, { device: "webgpu" })).rejects.toThrow(/no adapter.*Hint: /s);
  });
});
