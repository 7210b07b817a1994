/** Options of `trainDenseHead`. */
export interface TrainDenseHeadOptions {
  readonly steps: number;
  /** Faces a step. */
  readonly batch: number;
  /** Of Adam at the start; it falls as half a cosine. */
  readonly rate: number;
  /** Of half the mean squared length of the numbers: the normal prior that holds what the pixels do not tell. In the fit it stands to the pixels as with about 0.0005. */
  readonly prior: number;
  /** Of the five points, see `createDenseBranch`; 0: pixels alone. */
  readonly landmarkWeight: number;
  /** Edge of the crops that are compared. */
  readonly size: number;
  readonly seed: number;
}

export const TRAIN_DENSE_HEAD_DEFAULTS: TrainDenseHeadOptions = { steps: 800, batch: 8, rate: 0.01, prior: 5e-4, landmarkWeight: 10, size: 64, seed: 1 };
