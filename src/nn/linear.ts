import * as tf from '@tensorflow/tfjs';
import type { Random } from '../core/random.ts';
import { linear } from '../ops/linear.ts';
import { glorotUniform, type Initializer } from './initializers.ts';

/** A linear map of rows with a bias. */
export class Linear {
  /** `[M, N]`. */
  readonly weight: tf.Variable<tf.Rank.R2>;
  /** `[N]`, zero at first. */
  readonly bias: tf.Variable<tf.Rank.R1>;

  /** @param random - Where the weights are drawn from. */
  constructor(readonly inputs: number, readonly outputs: number, random: Random, initializer: Initializer = glorotUniform) {
    this.weight = tf.tidy(() => tf.variable(tf.tensor2d(initializer(random, inputs * outputs, inputs, outputs), [inputs, outputs])));
    this.bias = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([outputs])));
  }

  /** `[B, M] -> [B, N]`. */
  apply(x: tf.Tensor2D): tf.Tensor2D {
    return linear(x, this.weight, this.bias);
  }

  /** Variables by name. */
  get parameters(): Record<string, tf.Variable> {
    return { weight: this.weight, bias: this.bias };
  }

  dispose(): void {
    tf.dispose(this.parameters);
  }
}
