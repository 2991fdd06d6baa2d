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
  server: { headers },
  preview: { headers },
  worker: { format: "es" },
  build: { target: "es2023" },
});
