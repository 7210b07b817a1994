import * as tf from '@tensorflow/tfjs';
import type { Random } from '../core/random.ts';
import { resolveOptions } from '../core/options.ts';
import { chebConv, type ChebConvOptions } from '../ops/cheb-conv.ts';
import type { SparseOperator } from '../ops/sparse-operator.ts';
import { glorotUniform, type Initializer } from './initializers.ts';

/** Options of {@link ChebConv}. */
export interface ChebConvLayerOptions {
  readonly bias: boolean;
  readonly initializer: Initializer;
}

export const CHEB_CONV_LAYER_DEFAULTS: ChebConvLayerOptions = { bias: true, initializer: glorotUniform };

/** A Chebyshev graph convolution with its parameters; the operator is given at each call, so one layer may serve several graphs. */
export class ChebConv {
  /** `[K I, O]`, row `k I + i`. */
  readonly weight: tf.Variable<tf.Rank.R2>;
  /** `[O]`, zero at first. */
  readonly bias: tf.Variable<tf.Rank.R1> | null;

  /**
   * @param inputs - I.
   * @param outputs - O.
   * @param order - K, the number of polynomials.
   * @param random - Where the weights are drawn from.
   */
  constructor(readonly inputs: number, readonly outputs: number, readonly order: number, random: Random, options?: Partial<ChebConvLayerOptions>) {
    const { bias, initializer } = resolveOptions('ChebConv', CHEB_CONV_LAYER_DEFAULTS, options);
    const depth = order * inputs;
    this.weight = tf.tidy(() => tf.variable(tf.tensor2d(initializer(random, depth * outputs, depth, order * outputs), [depth, outputs])));
    this.bias = bias ? tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([outputs]))) : null;
  }

  /** `[B, V, I] -> [B, V, O]`. */
  apply(operator: SparseOperator, x: tf.Tensor3D, options?: Partial<ChebConvOptions>): tf.Tensor3D {
    return chebConv(operator, x, this.weight, this.bias, this.order, options);
  }

  /** Variables by name. */
  get parameters(): Record<string, tf.Variable> {
    return { weight: this.weight, ...(this.bias && { bias: this.bias }) };
  }

  dispose(): void {
    tf.dispose(this.parameters);
  }
}
