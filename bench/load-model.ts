// How mdpkit takes a problem's files: read in pieces and emitted into the builder, which puts large models where kernels sweep them and stores equal rows once.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as Mdpkit from "../src/index.ts";
import type { Meta } from "./model-files.ts";
import { NpyStream } from "./npy-stream.ts";

export interface LoadedModel {
  readonly mdp: Mdpkit.Mdp;
  readonly meta: Meta;
  /** Reading the files, and the rest: making the model from the numbers read. */
  readonly fileSeconds: number;
  readonly buildSeconds: number;
}

export function loadModel(mdpkit: typeof Mdpkit, folder: string): LoadedModel {
  const started = performance.now();
  const meta: Meta = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8"));
  const { states, actions, discount, objective } = meta;
  const open = (name: string): NpyStream => new NpyStream(join(folder, `${name}.npy`));
  const [indptr, indices, data, reward, terminal] = [open("indptr"), open("indices"), open("data"), open("reward"), open("terminal")];
  let ends = terminal.length > 0 ? terminal.next() : -1;
  let endsRead = 1;
  let from = indptr.next();
  const mdp = mdpkit.buildMdp({ states, actions, discount, objective }, (s, model) => {
    if (s === ends) {
      model.terminal();
      ends = endsRead++ < terminal.length ? terminal.next() : -1;
    }
    for (let a = 0; a < actions; a++) {
      const to = indptr.next();
      const r = reward.next();
      if (to > from) model.choice(a, r);
      for (; from < to; from++) model.branch(indices.next(), data.next());
    }
  });
  let fileSeconds = 0;
  for (const stream of [indptr, indices, data, reward, terminal]) {
    fileSeconds += stream.seconds;
    stream.close();
  }
  return { mdp, meta, fileSeconds, buildSeconds: (performance.now() - started) / 1000 - fileSeconds };
}
