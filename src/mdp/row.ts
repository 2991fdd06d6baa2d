// A row on its way into a model's storage.

/** One choice's branches: distinct, valid, positive. */
export interface Row {
  readonly count: number;
  readonly next: Float64Array;
  readonly probability: Float64Array;
  readonly reward: Float64Array;
  readonly ends: Uint8Array;
  /** Whether some branch ends the episode. */
  readonly anyEnds: boolean;
}
