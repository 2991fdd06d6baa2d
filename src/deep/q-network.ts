// A network of Q as plain numbers: what deep Q-learning answers. It needs no tensors to be asked, saved or read.
import { FormatError, ShapeError } from "../errors.ts";
import type { Objective } from "../mdp/index.ts";

/** One layer: outputs = weight · inputs + bias, then max(0, ·) on all layers but the last. */
export interface QNetworkLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** inputs × outputs numbers, input by input. */
  readonly weight: Float32Array;
  /** outputs numbers. */
  readonly bias: Float32Array;
}

/** A network as plain JSON data. */
export interface QNetworkJson {
  readonly format: "mdpkit-q-network";
  readonly version: 1;
  readonly objective: Objective;
  readonly layers: readonly { readonly inputs: number; readonly outputs: number; readonly weight: readonly number[]; readonly bias: readonly number[] }[];
}

/**
 * A multilayer perceptron that estimates Q(observation, action) for every action at once. Immutable; an estimate, without any bounds.
 *
 * @example
 * const { network } = await deepQLearning(cartPole(), { steps: 50_000, discount: 0.99 });
 * network.best(env.reset().observation);              // 0 or 1
 * QNetwork.fromJson(JSON.parse(JSON.stringify(network)));
 */
export class QNetwork {
  readonly layers: readonly QNetworkLayer[];
  readonly objective: Objective;
  readonly #rooms: readonly Float64Array[];

  /** @throws ShapeError unless each layer's numbers fit it and the layer before. */
  constructor(layers: readonly QNetworkLayer[], objective: Objective = "maximize") {
    if (layers.length === 0) throw new ShapeError("a network has no layers, expected at least one.");
    for (const [i, { inputs, outputs, weight, bias }] of layers.entries()) {
      const before = layers[i - 1];
      if (before !== undefined && before.outputs !== inputs)
        throw new ShapeError(`layer ${i} takes ${inputs} inputs, expected the ${before.outputs} outputs before it.`);
      if (weight.length !== inputs * outputs || bias.length !== outputs || outputs < 1 || inputs < 1)
        throw new ShapeError(`layer ${i} has ${weight.length} weights and ${bias.length} biases, expected ${inputs} × ${outputs} and ${outputs}.`);
    }
    this.layers = layers;
    this.objective = objective;
    this.#rooms = layers.map(({ outputs }) => new Float64Array(outputs));
  }

  get observationSize(): number {
    return this.layers[0]?.inputs ?? Number.NaN;
  }

  get actionCount(): number {
    return this.layers.at(-1)?.outputs ?? Number.NaN;
  }

  /**
   * Estimates of Q, one number an action, in the reward's own units and sign.
   *
   * @throws ShapeError unless the observation has `observationSize` numbers.
   */
  values(observation: ArrayLike<number>): Float64Array {
    return this.#evaluate(observation).slice();
  }

  /**
   * The greedy action's index: the lowest of the best.
   *
   * @param feasible one flag an action, 1 where it can be taken; all where left out.
   * @throws ShapeError unless the observation has `observationSize` numbers, and some action is feasible.
   */
  best(observation: ArrayLike<number>, feasible?: Uint8Array): number {
    const q = this.#evaluate(observation);
    const sign = this.objective === "minimize" ? -1 : 1;
    let best = -1;
    for (let a = 0; a < q.length; a++) {
      if (feasible !== undefined && feasible[a] === 0) continue;
      if (best < 0 || sign * q[a]! > sign * q[best]!) best = a;
    }
    if (best < 0) throw new ShapeError("no action is feasible, expected at least one.");
    return best;
  }

  toJSON(): QNetworkJson {
    const layers = this.layers.map(({ inputs, outputs, weight, bias }) => ({ inputs, outputs, weight: Array.from(weight), bias: Array.from(bias) }));
    return { format: "mdpkit-q-network", version: 1, objective: this.objective, layers };
  }

  /** @throws FormatError unless it is what `toJSON` answered; ShapeError for layers that do not fit. */
  static fromJson(json: QNetworkJson): QNetwork {
    if (json.format !== "mdpkit-q-network" || json.version !== 1)
      throw new FormatError(`a network has format ${JSON.stringify(json.format)} version ${json.version}, expected "mdpkit-q-network" version 1.`);
    const layers = json.layers.map(({ inputs, outputs, weight, bias }) => ({
      inputs,
      outputs,
      weight: Float32Array.from(weight),
      bias: Float32Array.from(bias),
    }));
    return new QNetwork(layers, json.objective);
  }

  /** The last layer's room, overwritten by the next call. */
  #evaluate(observation: ArrayLike<number>): Float64Array {
    if (observation.length !== this.observationSize)
      throw new ShapeError(`an observation has ${observation.length} numbers, expected the ${this.observationSize} the network was made for.`);
    let from: ArrayLike<number> = observation;
    let out: Float64Array = new Float64Array(0);
    for (const [i, { inputs, outputs, weight, bias }] of this.layers.entries()) {
      out = this.#rooms[i] ?? out;
      out.set(bias);
      for (let k = 0; k < inputs; k++) {
        const x = from[k]!;
        if (x === 0) continue;
        for (let j = 0, w = k * outputs; j < outputs; j++, w++) out[j]! += x * weight[w]!;
      }
      if (i < this.layers.length - 1) for (let j = 0; j < outputs; j++) if (out[j]! < 0) out[j] = 0;
      from = out;
    }
    return out;
  }
}
