// The loop of deep Q-learning: act in all environments at once, remember, update from memory, look.
import type { AdamOptimizer, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import type { ObservationEnv } from "../envs/index.ts";
import { Rng } from "../numeric/index.ts";
import { Pacer } from "../platform/pacer.ts";
import type { LearnHistoryEntry } from "../solvers/index.ts";
import { Actors } from "./actors.ts";
import type { TensorFlow } from "./load-tensorflow.ts";
import type { CheckedDeepQOptions, DeepQResult } from "./options.ts";
import type { QNetwork } from "./q-network.ts";
import { type Batch, ReplayBuffer } from "./replay-buffer.ts";
import { TrainableNetwork } from "./trainable-network.ts";

/** Keeps infeasible actions out of a maximum; far below any value of a scaled reward, far within float32. */
const NEVER = -1e30;

export class DeepQLearner<A> {
  readonly #tf: TensorFlow;
  readonly #options: CheckedDeepQOptions;
  readonly #pacer: Pacer;
  readonly #width: number;
  readonly #actionCount: number;
  readonly #actors: Actors<A>;
  readonly #replay: ReplayBuffer;
  readonly #batch: Batch;
  readonly #exploration: Rng;
  readonly #draws: Rng;
  readonly #online: TrainableNetwork;
  readonly #target: TrainableNetwork;
  readonly #optimizer: AdamOptimizer;
  readonly #history: LearnHistoryEntry[] = [];
  /** Rewards are multiplied by this: the scale, negative where they are costs. */
  readonly #scale: number;
  #steps = 0;
  #updates = 0;
  #diverged = false;
  /** The last network whose weights were numbers, and of those looked at the best. */
  #sound: QNetwork | undefined;
  #best: { readonly network: QNetwork; readonly score: number } | undefined;

  constructor(tf: TensorFlow, envs: readonly ObservationEnv<A>[], options: CheckedDeepQOptions) {
    this.#tf = tf;
    this.#options = options;
    this.#pacer = new Pacer({ signal: options.signal });
    this.#width = options.observationSize;
    this.#actionCount = options.actionCount;
    this.#scale = options.rewardScale * (options.objective === "minimize" ? -1 : 1);
    this.#exploration = new Rng(`${options.seed}:explore`);
    this.#draws = new Rng(`${options.seed}:replay`);
    this.#actors = new Actors(envs, this.#width, this.#actionCount, options.seed);
    this.#replay = new ReplayBuffer(options.memory, this.#width, this.#actionCount, this.#actors.feasible !== undefined);
    this.#actors.remember(this.#replay, options.stepsAhead, options.discount, this.#scale);
    this.#batch = this.#replay.room(options.batchSize);
    this.#online = TrainableNetwork.random(tf, [this.#width, ...options.hidden, this.#actionCount], new Rng(`${options.seed}:weights`));
    this.#target = this.#online.copy();
    this.#optimizer = tf.train.adam(options.learningRate);
  }

  /** Learns to the end. */
  async run(): Promise<DeepQResult> {
    const options = this.#options;
    let status: DeepQResult["status"] = "done";
    while (this.#steps < options.steps) {
      if (this.#pacer.aborted) {
        status = "aborted";
        break;
      }
      const before = this.#steps;
      await this.#act();
      await this.#train();
      const every = options.evaluate?.every ?? Math.max(1, Math.ceil(options.steps / 100));
      const done = Math.floor(before / every) < Math.floor(this.#steps / every) && (await this.#look());
      if (this.#diverged) status = "diverged";
      if (done || this.#diverged) break;
      await this.#breathe();
    }
    const network = await this.#read();
    if (this.#diverged) status = "diverged";
    return {
      method: "deep-q-learning",
      certified: false,
      status,
      objective: options.objective,
      discount: options.discount,
      backend: this.#tf.getBackend(),
      network: options.keepBest && this.#best !== undefined ? this.#best.network : network,
      steps: this.#steps,
      episodes: this.#actors.episodes,
      updates: this.#updates,
      seconds: this.#pacer.seconds,
      history: this.#history,
    };
  }

  /** Frees every tensor of the learner. */
  dispose(): void {
    this.#online.dispose();
    this.#target.dispose();
    this.#optimizer.dispose();
  }

  /** One step in every environment, by one prediction for all of them, and none where all of them explore. */
  async #act(): Promise<void> {
    const actors = this.#actors;
    const chance = this.#options.explore(this.#steps, 1);
    const actions = Array.from({ length: actors.size }, (_, e) => (this.#exploration.chance(chance) ? actors.randomAction(e, this.#exploration) : -1));
    if (actions.includes(-1)) {
      const q = await this.#predict(actors.observations, actors.size);
      for (const [e, action] of actions.entries()) if (action < 0) actions[e] = actors.bestAction(e, q);
    }
    for (const [e, action] of actions.entries()) actors.step(e, action);
    this.#steps += actors.size;
  }

  async #predict(observations: Float32Array, rows: number): Promise<Float32Array> {
    const tf = this.#tf;
    const q = tf.tidy(() => this.#online.forward(tf.tensor2d(observations, [rows, this.#width])));
    try {
      return (await q.data()) as Float32Array;
    } finally {
      q.dispose();
    }
  }

  /** As many updates as the steps so far call for. */
  async #train(): Promise<void> {
    const { warmUp, trainEvery, targetEvery } = this.#options;
    const due = Math.floor((this.#steps - warmUp) / trainEvery) + 1;
    while (this.#updates < due && this.#replay.size > 0 && !this.#pacer.aborted) {
      this.#replay.draw(this.#batch, this.#draws);
      this.#tf.tidy(() => this.#update(this.#batch));
      this.#updates++;
      if (this.#updates % targetEvery === 0) this.#target.assign(this.#online);
      await this.#breathe();
    }
  }

  #update(batch: Batch): void {
    const tf = this.#tf;
    const { clip } = this.#options;
    const rows = batch.action.length;
    const taken: Tensor2D = tf.cast(tf.oneHot(tf.tensor1d(batch.action, "int32"), this.#actionCount), "float32") as Tensor2D;
    const gradient = this.#online.gradient(tf.tensor2d(batch.observation, [rows, this.#width]), taken, this.#targets(batch), clip);
    this.#optimizer.applyGradients(gradient);
  }

  /** r + γⁿ Q⁻(s', a'), a' the best action by the learning network (double) or by the target network Q⁻ itself; r where the episode ended. */
  #targets(batch: Batch): Tensor1D {
    const tf = this.#tf;
    const { double } = this.#options;
    const rows = batch.action.length;
    const next = tf.tensor2d(batch.next, [rows, this.#width]);
    const allowed = (q: Tensor2D): Tensor2D =>
      batch.feasible === undefined ? q : tf.where(tf.tensor2d(batch.feasible, [rows, this.#actionCount], "bool"), q, tf.fill([rows, this.#actionCount], NEVER));
    const values = this.#target.forward(next);
    const best: Tensor1D = double
      ? tf.sum(tf.mul(values, tf.cast(tf.oneHot(tf.argMax(allowed(this.#online.forward(next)), 1) as Tensor1D, this.#actionCount), "float32")), 1)
      : tf.max(allowed(values), 1);
    return tf.add(tf.tensor1d(batch.reward), tf.mul(tf.tensor1d(batch.ahead), best));
  }

  /** Adds an entry to the history; whether learning may end. */
  async #look(): Promise<boolean> {
    const { evaluate, objective } = this.#options;
    const { window, episodes } = this.#actors;
    const network = await this.#read();
    if (this.#diverged) return true;
    const snapshot = { steps: this.#steps, episodes, network };
    const score = await evaluate?.run?.(snapshot);
    const sign = objective === "minimize" ? -1 : 1;
    if (score !== undefined && (this.#best === undefined || sign * score > sign * this.#best.score)) this.#best = { network, score };
    const ended = window.episodes > 0;
    const entry: LearnHistoryEntry = {
      steps: this.#steps,
      episodes,
      episodeReward: ended ? window.reward / window.episodes : null,
      episodeLength: ended ? window.length / window.episodes : null,
      ...(score === undefined ? {} : { score }),
      seconds: this.#pacer.seconds,
    };
    this.#history.push(entry);
    Object.assign(window, { episodes: 0, reward: 0, length: 0 });
    return evaluate?.until?.(entry, snapshot) ?? false;
  }

  /** The network as it is; where it has diverged, as it last was when it had not. */
  async #read(): Promise<QNetwork> {
    const network = await this.#online.read(this.#scale, this.#options.objective);
    this.#diverged = network.layers.some(({ weight, bias }) => !weight.every(Number.isFinite) || !bias.every(Number.isFinite));
    if (!this.#diverged || this.#sound === undefined) this.#sound = network;
    return this.#sound;
  }

  async #breathe(): Promise<void> {
    if (!this.#pacer.due) return;
    const { window, episodes } = this.#actors;
    const episodeReward = window.episodes === 0 ? null : window.reward / window.episodes;
    this.#options.onProgress?.({ steps: this.#steps, episodes, episodeReward, seconds: this.#pacer.seconds });
    await this.#pacer.giveWay();
  }
}
