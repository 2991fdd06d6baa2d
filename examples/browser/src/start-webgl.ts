// WebGL for tensors: TensorFlow.js with its WebGL backend, loaded when it is first chosen.

let started: Promise<void> | undefined;

/** Makes WebGL the backend of tfjs: what the library's device "tfjs" then computes on. @throws Error where there is none. */
export function startWebGl(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  const [tf] = await Promise.all([import("@tensorflow/tfjs-core"), import("@tensorflow/tfjs-backend-webgl")]);
  // Shapes as numbers that shaders are told: else every shape is a shader of its own.
  tf.env().set("WEBGL_USE_SHAPES_UNIFORMS", true);
  if (!(await tf.setBackend("webgl"))) throw new Error("tfjs cannot start its WebGL backend here");
}
