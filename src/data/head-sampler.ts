import type { Random } from '../core/random.ts';
import type { HeadTopology } from './head-topology.ts';

/** A head of the project's topology. */
export interface Head {
  /** `[V, 3]` millimetres, +Y up, +Z out of the face; aligned rigidly to the mean head, never scaled. */
  readonly vertices: Float32Array;
  /** `[V, 3]` sRGB albedo in [0, 1]. */
  readonly colors: Float32Array;
  /** The skins mixed into its colours. */
  readonly skins: readonly string[];
}

/** Options of {@link HeadSampler.sample}. */
export interface HeadSampleOptions {
  /** Strength of what tells one face from another against the usual: of facial detail (0 leaves sex, age and ethnicity), of a scan's identity (0 leaves the mean). */
  readonly detail: number;
  /** `false`: a face at rest. */
  readonly expression: boolean;
}

export const HEAD_SAMPLE_DEFAULTS: HeadSampleOptions = { detail: 1, expression: true };

/** Draws heads. */
export interface HeadSampler {
  readonly topology: HeadTopology;
  /** `[V, 3]` the head that samples are aligned to, millimetres, symmetric. */
  readonly reference: Float64Array;
  /** A head that depends on the random stream alone. */
  sample(random: Random, options?: Partial<HeadSampleOptions>): Head;
}
