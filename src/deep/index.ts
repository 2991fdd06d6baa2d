// Beyond tables: deep Q-learning on TensorFlow.js tensors. No certificate is claimed here. tfjs is an optional peer.
export { deepQLearning } from "./deep-q-learning.ts";
export { type GreedyEpisodes, type GreedyEpisodesOptions, greedyEpisodes } from "./greedy-episodes.ts";
export { networkPolicy } from "./network-policy.ts";
export type { DeepQOptions, DeepQResult, DeepQSnapshot } from "./options.ts";
export { QNetwork, type QNetworkJson, type QNetworkLayer } from "./q-network.ts";
