import type * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { assertShape } from '../core/shape.ts';
import '../gradients/rows.ts';
import { runKernel } from '../kernels/registry.ts';

/** Options of {@link gatherRows}. */
export interface GatherRowsOptions {
  /** First column taken. */
  readonly begin: number;
  /** Columns taken; -1: all from `begin`. */
  readonly size: number;
}

export const GATHER_ROWS_DEFAULTS: GatherRowsOptions = { begin: 0, size: -1 };

/**
 * Takes rows by index, in every batch entry the same: `y[b, i] = x[b, index[i], begin : begin + size]`.
 *
 * Differentiable in `x` to any order; the gradient adds rows in the order of the index, so it is the same in every run.
 * `tf.gather`'s gradient takes time quadratic in the number of rows on the cpu backend and does not exist on wasm.
 *
 * @param x - float32 `[B, V, C]`.
 * @param index - int32 `[N]`, each in [0, V).
 * @returns float32 `[B, N, size]`.
 * @throws {@link ArgumentError} if a shape does not fit, an index or the columns are out of range.
 */
export function gatherRows(x: tf.Tensor3D, index: tf.Tensor1D, options?: Partial<GatherRowsOptions>): tf.Tensor3D {
  const where = 'gatherRows', { begin, size } = resolveOptions(where, GATHER_ROWS_DEFAULTS, options);
  assertShape(where, 'x', x.shape, ['B', 'V', 'C']);
  assertIndexTensor(where, index);
  const cols = x.shape[2], taken = size === -1 ? cols - begin : size;
  if (!(Number.isInteger(begin) && begin >= 0 && Number.isInteger(taken) && taken >= 1 && begin + taken <= cols)) {
    throw new ArgumentError(where, 'options', `columns within [0, ${cols})`, `begin ${begin}, size ${size}`);
  }
  return runKernel('GatherRows', { x, index }, { begin, size: taken }) as tf.Tensor3D;
}

/**
 * Adds rows into their places, the adjoint of {@link gatherRows}: `x[b, index[i]] += y[b, i]`, starting from zero.
 *
 * Differentiable in `y` to any order.
 *
 * @param y - float32 `[B, N, C]`.
 * @param index - int32 `[N]`, each in [0, rows).
 * @param rows - `V`.
 * @returns float32 `[B, V, C]`.
 * @throws {@link ArgumentError} if a shape does not fit or an index is out of range.
 */
export function scatterRows(y: tf.Tensor3D, index: tf.Tensor1D, rows: number): tf.Tensor3D {
  const where = 'scatterRows';
  assertIndexTensor(where, index);
  assertShape(where, 'y', y.shape, ['B', index.shape[0], 'C']);
  if (!(Number.isInteger(rows) && rows >= 1)) throw new ArgumentError(where, 'rows', 'a positive integer', `${rows}`);
  return runKernel('ScatterRows', { y, index }, { rows, cols: y.shape[2], begin: 0 }) as tf.Tensor3D;
}

function assertIndexTensor(where: string, index: tf.Tensor1D): void {
  assertShape(where, 'index', index.shape, ['N']);
  if (index.dtype !== 'int32') throw new ArgumentError(where, 'index', 'dtype int32', index.dtype);
}
