// mdpkit/tensor: models and solutions as TensorFlow.js tensors, and the Bellman operators on them. You bring `tf`; nothing here loads it.
export type { TensorLike } from "../kernels/tensor/index.ts";
export { fromTensors, type TensorsModel } from "./from-tensors.ts";
export { bellmanBackup, bellmanQ, greedyChoices, policyBackup } from "./operators.ts";
export { placeModel, type TensorLibrary, type TensorModel, type TensorModelOptions } from "./tensor-model.ts";
export { type SolutionTensors, toTensors } from "./to-tensors.ts";
