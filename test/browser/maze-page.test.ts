// The page of examples/browser from end to end, built as it would be published: solve, edit by mouse and keys, watch sweeps, walk the policy.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { solve } from "mdpkit";
import type { Locator, Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelOf, randomMaze, type Setting } from "../../examples/browser/src/setting.ts";
import { browserSuite } from "./browser-suite.ts";

const ROOT = fileURLToPath(new URL("../../examples/browser", import.meta.url));
const CONFIG = join(ROOT, "vite.config.ts");

/** The maze the page opens with. */
const OPENING: Setting = { ...randomMaze(12, 9), slip: 0.2, discount: 0.98 };

const suite = browserSuite("none");
let folder: string;
let server: PreviewServer;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mdpkit-page-"));
  await build({ root: ROOT, configFile: CONFIG, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  server = await preview({ root: ROOT, configFile: CONFIG, build: { outDir: folder }, preview: { host: "127.0.0.1", port: 0, open: false } });
  address = server.resolvedUrls?.local[0] ?? "";
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The opened page, solved at once: readers who want no motion get no sweeps to watch. */
async function open(options: Parameters<typeof suite.newPage>[0] = {}, { newPage } = suite): Promise<{ page: Page; complaints: string[] }> {
  const opened = await newPage({ reducedMotion: "reduce", ...options });
  await opened.page.goto(address);
  await proven(opened.page);
  return opened;
}

/** Waits for the proof, and answers the bounds of the start. */
async function proven(page: Page): Promise<{ readonly lower: number; readonly upper: number }> {
  await page.locator("#status", { hasText: /^Proven/ }).waitFor();
  const text = await fact(page, "Start worth");
  const [lower = Number.NaN, upper = Number.NaN] = text.split(" to ").map(Number);
  return { lower, upper };
}

async function fact(page: Page, name: string): Promise<string> {
  return (await page.locator("#facts > div", { hasText: name }).locator("dd").textContent()) ?? "";
}

function cell(page: Page, row: number, column: number): Locator {
  return page.locator("#maze .cell").nth(row * 12 + column);
}

/** The optimum of a setting at its start, computed here in Node. */
async function truth(setting: Setting): Promise<number> {
  const best = await solve(modelOf(setting), { epsilon: 1e-12 });
  return best.value.at(setting.cells.indexOf("start"));
}

/** What the page says of the start holds Node's answer; its last decimal is rounded. */
function expectHolds({ lower, upper }: { readonly lower: number; readonly upper: number }, value: number): void {
  expect(lower - 1e-6).toBeLessThanOrEqual(value);
  expect(upper + 1e-6).toBeGreaterThanOrEqual(value);
  expect(upper - lower).toBeLessThan(4e-6);
}

function at(row: number, column: number): number {
  return row * 12 + column;
}

describe("the maze page", () => {
  test("solves the maze it opens with, in a worker, on an isolated page", async () => {
    const { page, complaints } = await open();
    expectHolds(await proven(page), await truth(OPENING));
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(page.workers()).toHaveLength(1);
    expect(await page.locator("#machine").textContent()).toContain("threads may share memory");
    const best = await solve(modelOf(OPENING), { epsilon: 1e-12 });
    const shown = await page.locator("#maze .cell").evaluateAll((cells) => cells.map((element) => (element as HTMLElement).dataset.move));
    expect(shown).toEqual(best.policy.toActions().map((action) => action ?? ""));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("solves anew after an edit by mouse, by keys, and of slip and discount", async () => {
    const { page, complaints } = await open();
    let setting = OPENING;
    const edit = (state: number, kind: Setting["cells"][number]) => {
      setting = { ...setting, cells: setting.cells.with(state, kind) };
    };
    // A mouse drags a wall of three cells.
    await cell(page, 3, 4).hover();
    await page.mouse.down();
    await cell(page, 3, 5).hover();
    await cell(page, 3, 6).hover();
    await page.mouse.up();
    for (const column of [4, 5, 6]) edit(at(3, column), "wall");
    await expectSolved(page, setting);
    // Keys: from the cell last touched one to the left and one down, a goal there; a wall by the space bar, and away again.
    await cell(page, 3, 6).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("g");
    edit(at(4, 6), "goal");
    await expectSolved(page, setting);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Space");
    edit(at(4, 5), "wall");
    await expectSolved(page, setting);
    await page.keyboard.press("Space");
    edit(at(4, 5), "open");
    await expectSolved(page, setting);
    // The start moves and is nowhere else.
    await page.getByRole("radio", { name: "start" }).check({ force: true });
    await cell(page, 10, 0).click();
    edit(at(0, 0), "open");
    edit(at(10, 0), "start");
    await expectSolved(page, setting);
    expect(await page.locator("#maze .cell[data-cell=start]").count()).toBe(1);
    await page.locator("#slip").fill("0");
    await page.locator("#discount").fill("0.9");
    setting = { ...setting, slip: 0, discount: 0.9 };
    await expectSolved(page, setting);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("watches sweeps: bounds come closer to the proof, and hold the truth all the way", async () => {
    const { page, complaints } = await open();
    const value = await truth(OPENING);
    let before = Infinity;
    for (let sweep = 1; sweep <= 6; sweep++) {
      await page.locator("#sweep").click();
      await page.locator("#status", { hasText: new RegExp(`^${sweep} sweeps? so far`) }).waitFor();
      const [lower = Number.NaN, upper = Number.NaN] = (await fact(page, "Start worth")).split(" to ").map(Number);
      expect(lower - 1e-3).toBeLessThanOrEqual(value);
      expect(upper + 1e-3).toBeGreaterThanOrEqual(value);
      const gap = Number.parseFloat(await fact(page, "Widest gap"));
      expect(gap).toBeLessThan(before);
      before = gap;
    }
    await page.locator("#watch").click();
    expectHolds(await proven(page), value);
    expect(await fact(page, "Method")).toMatch(/^value iteration, \d+ sweeps$/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("steps the policy: the agent stands on its cell, follows the arrows where nothing slips, and arrives", async () => {
    const { page, complaints } = await open();
    await page.locator("#slip").fill("0");
    const setting = { ...OPENING, slip: 0 };
    await expectSolved(page, setting);
    const best = await solve(modelOf(setting));
    let state = setting.cells.indexOf("start");
    for (let step = 1; setting.cells[state] !== "goal"; step++) {
      const action = best.policy.toActions()[state];
      state += { up: -12, down: 12, left: -1, right: 1 }[String(action)] ?? 0;
      await page.locator("#step").click();
      await page.locator("#walked", { hasText: new RegExp(`\\b${step} steps?\\b`) }).waitFor();
      expect(await page.locator("#maze .agent").getAttribute("data-state")).toBe(String(state));
    }
    expect(await page.locator("#walked").textContent()).toContain("Arrived after");
    await expect.poll(() => centreDistance(page, state)).toBeLessThan(1.5);
    expect(complaints).toEqual([]);
    await page.close();
  });

  describe("with a GPU of software", () => {
    const software = browserSuite("software");

    test.each([
      { device: "webgpu", name: "WebGPU" },
      { device: "tfjs", name: "WebGL" },
    ])("shows the kernel that ran: $name", async ({ device, name }) => {
      const { page, complaints } = await open({}, software);
      await page.locator("#device").selectOption(device);
      await expect.poll(() => fact(page, "Kernel"), { timeout: 90_000 }).toMatch(new RegExp(`^${name}.*: float32 sweeps, float64 proof$`));
      expectHolds(await proven(page), await truth(OPENING));
      await page.locator("#sweep").click();
      await page.locator("#status", { hasText: /so far/ }).waitFor();
      await expect.poll(() => fact(page, "Kernel"), { timeout: 90_000 }).toMatch(new RegExp(`^${name}`));
      expect(complaints).toEqual([]);
      await page.close();
    });
  });

  test("shows the kernel that ran: WebAssembly by two threads", async () => {
    const { page, complaints } = await open();
    await page.locator("#device").selectOption("wasm");
    await page.locator("#threads").selectOption("2");
    await expect.poll(() => fact(page, "Kernel")).toBe("WebAssembly, 2 threads");
    expectHolds(await proven(page), await truth(OPENING));
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    ["a desk", 1280, 900],
    ["a phone", 390, 844],
    ["a small phone", 320, 640],
  ])("fits %s, %d pixels wide, in light and dark", async (_, width, height) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await open({ viewport: { width, height }, colorScheme });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(complaints).toEqual([]);
      await page.close();
    }
  });
});

/** After an edit: waits until the page's proof is of this very setting. */
async function expectSolved(page: Page, setting: Setting): Promise<void> {
  const shown = await page.locator("#maze .cell").evaluateAll((cells) => cells.map((element) => (element as HTMLElement).dataset.cell));
  expect(shown).toEqual(setting.cells);
  const value = await truth(setting);
  await expect.poll(async () => Math.abs((await proven(page)).lower - value)).toBeLessThan(3e-6);
  expectHolds(await proven(page), value);
}

/** Pixels between the middle of the agent and the middle of a cell. */
async function centreDistance(page: Page, state: number): Promise<number> {
  const [agent, under] = [await page.locator("#maze .agent").boundingBox(), await page.locator("#maze .cell").nth(state).boundingBox()];
  if (agent === null || under === null) return Infinity;
  return Math.hypot(agent.x + agent.width / 2 - under.x - under.width / 2, agent.y + agent.height / 2 - under.y - under.height / 2);
}
