// What needs Node: files, the disk cache of language models' answers, and the command line as a function.
export { type BusPipe, type BusPipeOptions, busPipe } from "./bus-pipe.ts";
export { cacheFolder } from "./cache-folder.ts";
export { type DiskCacheOptions, diskCache } from "./disk-cache.ts";
export { EXIT, type ExitCode } from "./exit.ts";
export { fileDigest } from "./file-digest.ts";
export { loadSolution, readModelFile, saveSolution, writeModelFile } from "./files.ts";
export { GymnasiumEnv, gymnasiumEnv } from "./gymnasium/gymnasium-env.ts";
export { type GymnasiumOptions, GymnasiumVectorEnv, type GymnasiumVectorOptions, gymnasiumVector } from "./gymnasium/gymnasium-vector-env.ts";
export { run } from "./run.ts";
export type { SaveOptions } from "./saved-result.ts";
export { traceFile } from "./trace-file.ts";
export type { TextStream, World } from "./world.ts";
