// The kernels' own suites in a page, in a worker: WebAssembly with the reference's very bits, WebGPU and WebGL as Node's tensor kernels have to.
import { suitesInPage } from "./suites-in-page.ts";

await suitesInPage("in a page: WebAssembly", "none", ["test/unit/kernels/same-bits.test.ts"]);
await suitesInPage("in a page: WebGPU", "software", ["test/browser/in-page/webgpu.suite.ts"]);
await suitesInPage("in a page: WebGL", "software", ["test/browser/in-page/webgl.suite.ts"]);
