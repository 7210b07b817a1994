import * as tf from '@tensorflow/tfjs';
import { assertShape } from '../core/shape.ts';
import { foldBatchNorm } from '../nn/fold-batch-norm.ts';
import type { NetworkNode } from '../nn/network.ts';
import { NetworkModel } from '../nn/network-model.ts';
import { assertState, type StateDict } from '../nn/state-dict.ts';
import type { DetectorConfig } from './config.ts';
import { type DetectorGraph, detectorGraph } from './detector-graph.ts';
import { DENSE_NUMBERS, headOutput } from './heads.ts';
import type { Predictions } from './predictions.ts';
import { scalePixels } from './scale-pixels.ts';

/** The form in which a detector keeps its numbers: with batch normalisation for training, or folded into the convolutions for speed. */
export type DetectorForm = 'folded' | 'training';

/** A face detector: backbone, feature pyramid, context modules and heads, on the backend that is current. */
export class Detector {
  readonly layout: DetectorGraph;
  readonly network: NetworkModel;

  /**
   * @param state - All parameters, by PyTorch path and in PyTorch's layout.
   * @param form - `folded` by default: the same numbers to a rounding, in less time; it cannot be trained further.
   * @throws {@link ArgumentError} if `state` is not that of `config`.
   */
  constructor(readonly config: DetectorConfig, state: StateDict, readonly form: DetectorForm = 'folded') {
    this.layout = detectorGraph(config);
    const source = { graph: this.layout.graph, state };
    assertState('Detector', source.graph, state); // before it is folded: a missing number would be a NaN there
    const { graph, state: numbers } = form === 'folded' ? foldBatchNorm(source) : source;
    this.network = new NetworkModel(graph, numbers, config.frozen);
  }

  /**
   * What the heads say of every anchor.
   *
   * @param images - `[B, H, W, 3]`, RGB, 0 to 255, of any size; cells reach over the edge where a stride does not divide it.
   * @throws {@link ArgumentError} for another shape.
   */
  predict(images: tf.Tensor4D, training = false): Predictions {
    assertShape('Detector.predict', 'images', images.shape, ['B', 'H', 'W', 3]);
    return tidyPredictions(() => this.predictScaled(scalePixels(images, this.config.pixels), { training }));
  }

  /** {@link predict} of pixels that are scaled already, by `scalePixels` or `scaledImage`. */
  predictScaled(input: tf.Tensor4D, { training = false, onNode = null }: { readonly training?: boolean; readonly onNode?: ((node: NetworkNode) => void) | null } = {}): Predictions {
    return tidyPredictions(() => this.predictionsOf(this.network.run(input, { training, onNode })));
  }

  /** The heads' maps, by name, as rows of anchors. */
  predictionsOf(maps: Readonly<Record<string, tf.Tensor4D>>): Predictions {
    const { landmarks, dense, levels } = this.config;
    const rows = (head: string, width: number): tf.Tensor3D => tf.concat(levels.map((_, level) => {
      const map = maps[headOutput(head, level)]!;
      return tf.reshape<tf.Rank.R3>(map, [map.shape[0], -1, width]);
    }), 1);
    return { logits: rows('ClassHead', 2), boxDeltas: rows('BboxHead', 4), landmarkDeltas: rows('LandmarkHead', 2 * landmarks), dense: dense ? rows('DenseHead', DENSE_NUMBERS) : null };
  }

  dispose(): void {
    this.network.dispose();
  }
}

/** `tf.tidy` for a record that may hold `null`. */
function tidyPredictions(body: () => Predictions): Predictions {
  let predictions!: Predictions;
  tf.tidy(() => {
    predictions = body();
    const { logits, boxDeltas, landmarkDeltas, dense } = predictions;
    return dense ? [logits, boxDeltas, landmarkDeltas, dense] : [logits, boxDeltas, landmarkDeltas];
  });
  return predictions;
}
