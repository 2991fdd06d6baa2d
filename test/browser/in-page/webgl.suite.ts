// The kernel suite on WebGL in a page, by operations composed of tfjs's own, and solves by it.
import "@tensorflow/tfjs-backend-webgl";
import * as tfjs from "@tensorflow/tfjs-core";
import type { Tfjs } from "../../../src/kernels/tensor/index.ts";
import { kernelSuiteOn } from "./kernel-suite-on.ts";
import { solvesOn } from "./solves-on.ts";

// Shapes as numbers that shaders are told: else every shape is a shader of its own, and compiling them is most of the work.
tfjs.env().set("WEBGL_USE_SHAPES_UNIFORMS", true);
if (!(await tfjs.setBackend("webgl"))) throw new Error("tfjs cannot start its WebGL backend here");
const tf = tfjs as unknown as Tfjs;
kernelSuiteOn(tf, "webgl", false);
solvesOn(tf, "tfjs", "webgl", ["solve"]);
