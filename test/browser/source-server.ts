// A server of the sources, compiled file by file, to pages that are isolated from other origins or not.
import { fileURLToPath } from "node:url";
import { createServer, type ViteDevServer } from "vite";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The packages that sources and suites import, bundled for the page. */
const PACKAGES = [
  ...["seedrandom", "mathjs/number", "fflate", "@vitest/expect", "@vitest/runner"],
  ...["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu", "@tensorflow/tfjs-backend-webgl"],
];

export interface SourceServer {
  /** The address of an empty page, from which in-page modules are imported. */
  readonly page: string;
  close(): Promise<void>;
}

/** @param isolated whether pages come with the two headers that let threads share memory. */
export async function serveSources(isolated: boolean): Promise<SourceServer> {
  const headers = isolated ? { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" } : {};
  const server: ViteDevServer = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    appType: "mpa",
    cacheDir: `${ROOT}node_modules/.vite-browser-tests`,
    resolve: {
      alias: [
        { find: "#platform", replacement: `${ROOT}src/platform/browser.ts` },
        { find: /^vitest$/, replacement: `${ROOT}test/browser/in-page/vitest-in-page.ts` },
      ],
    },
    // Known from the start: a package found later would load the page anew in the middle of a test.
    optimizeDeps: { noDiscovery: true, include: PACKAGES },
    // Not watched: tests do not change what they run.
    server: { headers, watch: null, hmr: false, host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  const [address] = server.resolvedUrls?.local ?? [];
  if (address === undefined) throw new Error("vite serves, but at no address");
  return { page: `${address}test/browser/in-page/index.html`, close: () => server.close() };
}
