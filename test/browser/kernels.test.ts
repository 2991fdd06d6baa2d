// The kernels' own suites in a page, in a worker: every operator on every layout, by threads, with the reference's very bits.
import { suitesInPage } from "./suites-in-page.ts";

await suitesInPage("in a page: WebAssembly", "none", ["test/unit/kernels/same-bits.test.ts"]);
