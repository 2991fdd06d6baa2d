// The package, bundled for browsers as a user would: no module of Node's is in the bundle, and it solves in a page.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserSuite } from "./browser-suite.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What `package.json` exports for everyone: all but what needs Node. */
async function entryPoints(): Promise<string[]> {
  const manifest: { readonly name: string; readonly exports: Readonly<Record<string, unknown>> } = JSON.parse(await readFile(`${ROOT}package.json`, "utf8"));
  const paths = Object.keys(manifest.exports).filter((path) => path !== "./package.json" && path !== "./node");
  return paths.map((path) => manifest.name + path.slice(1));
}

/** A page's program that uses every entry point. */
function program(entries: readonly string[]): string {
  const imports = entries.map((entry, k) => `import * as entry${k} from ${JSON.stringify(entry)};`);
  return `${imports.join("\n")}
globalThis.exported = [${entries.map((_, k) => `Object.keys(entry${k}).length`).join(", ")}];
globalThis.solved = entry0.solve(entry0.makeBuiltIn("recycling-robot").mdp, { epsilon: 1e-9 }).then((best) => ({
  status: best.status, device: best.device, lower: [...best.bounds.lower.array], upper: [...best.bounds.upper.array],
}));
`;
}

interface InPage {
  readonly exported: readonly number[];
  readonly solved: Promise<{ readonly status: string; readonly device: string; readonly lower: readonly number[]; readonly upper: readonly number[] }>;
}

let folder: string;
let entries: string[];
let chunks: Rolldown.OutputChunk[];
const warnings: string[] = [];

beforeAll(async () => {
  entries = await entryPoints();
  folder = await mkdtemp(`${ROOT}.check-bundle-`);
  await writeFile(`${folder}/main.js`, program(entries));
  const bundled = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    // In this mode vite writes down which of Node's modules it emptied.
    mode: "development",
    build: {
      write: false,
      minify: false,
      target: "es2023",
      rolldownOptions: { input: `${folder}/main.js`, onLog: (level, log) => void (level === "warn" && warnings.push(log.message)) },
    },
  });
  chunks = [bundled].flat().flatMap((output) => ("output" in output ? output.output.filter((part) => part.type === "chunk") : []));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the package in a bundle for browsers", () => {
  test("imports nothing that stands in no bundle: no module of Node's, not even an emptied one", () => {
    expect(entries).toContain("mdpkit");
    expect(entries).toContain("mdpkit/solvers");
    expect(chunks.length).toBeGreaterThan(0);
    const names = new Set(chunks.map((chunk) => chunk.fileName));
    const outside = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]).filter((name) => !names.has(name));
    expect(outside).toEqual([]);
    const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
    expect(modules.some((id) => id.endsWith("/dist/platform/browser.js"))).toBe(true);
    // What a dependency itself leaves out for browsers (its package.json's "browser") has no name after the colon.
    expect(modules.filter((id) => isBuiltin(id) || id.startsWith("__vite-browser-external:") || id.endsWith("/dist/platform/node.js"))).toEqual([]);
    expect(warnings).toEqual([]);
  });

  describe("in a page", () => {
    const suite = browserSuite("none");

    test("solves", async () => {
      const files = new Map(chunks.map((chunk) => [`/${chunk.fileName}`, chunk.code]));
      const main = chunks.find((chunk) => chunk.isEntry)?.fileName;
      const server = createServer((request, response) => {
        const code = files.get(request.url ?? "");
        response.setHeader("content-type", code === undefined ? "text/html" : "text/javascript");
        response.end(code ?? `<!doctype html><title>bundle</title><link rel="icon" href="data:,"><script type="module" src="/${main}"></script>`);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const address = server.address();
        const { page, complaints } = await suite.newPage();
        await page.goto(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`);
        const exported = await page.evaluate(() => (globalThis as unknown as InPage).exported);
        expect(exported.map((count) => count > 0)).toEqual(entries.map(() => true));
        const { status, device, lower, upper } = await page.evaluate(() => (globalThis as unknown as InPage).solved);
        expect({ status, device }).toEqual({ status: "converged", device: "cpu" });
        for (const [s, exact] of [2500 / 59, 2250 / 59].entries()) {
          expect(lower[s]).toBeLessThanOrEqual(exact);
          expect(upper[s]).toBeGreaterThanOrEqual(exact);
          expect((upper[s] ?? Number.NaN) - (lower[s] ?? Number.NaN)).toBeLessThanOrEqual(2e-9);
        }
        expect(complaints).toEqual([]);
      } finally {
        server.close();
      }
    });
  });
});
