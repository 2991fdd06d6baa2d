// The browser example, developed and built by vite. The two headers isolate the page from other origins: only then may threads share memory.
import { defineConfig } from "vite";

const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the built page works in any folder of any server.
  base: "./",
  // Loaded only where a GPU is chosen: vite would come upon them too late, and load the page anew.
  optimizeDeps: { include: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgpu", "@tensorflow/tfjs-backend-webgl"] },
  server: { headers },
  preview: { headers },
  worker: { format: "es" },
  build: { target: "es2023" },
});
