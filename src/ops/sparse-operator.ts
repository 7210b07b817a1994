import * as tf from '@tensorflow/tfjs';
import { type CsrMatrix, type FloatArray, transposeCsr } from '../sparse/csr-matrix.ts';

/** A constant sparse matrix and its transpose, held on the active backend until disposed. */
export interface SparseOperator {
  /** `[R, C]`. */
  readonly shape: readonly [rows: number, cols: number];
  readonly tensors: Readonly<Record<'rowPtr' | 'colIndex' | 'values' | 'rowPtrT' | 'colIndexT' | 'valuesT', tf.Tensor>>;
  dispose(): void;
}

/** Uploads `matrix`, kept out of any enclosing `tf.tidy`. The caller owns the result and must `dispose()` it. */
export function createSparseOperator(matrix: CsrMatrix<FloatArray>): SparseOperator {
  const transposed = transposeCsr(matrix);
  const tensors = {
    rowPtr: tf.keep(tf.tensor1d(matrix.rowPtr, 'int32')),
    colIndex: tf.keep(tf.tensor1d(matrix.colIndex, 'int32')),
    values: tf.keep(tf.tensor1d(Float32Array.from(matrix.values), 'float32')),
    rowPtrT: tf.keep(tf.tensor1d(transposed.rowPtr, 'int32')),
    colIndexT: tf.keep(tf.tensor1d(transposed.colIndex, 'int32')),
    valuesT: tf.keep(tf.tensor1d(Float32Array.from(transposed.values), 'float32')),
  };
  return { shape: matrix.shape, tensors, dispose: () => tf.dispose(tensors) };
}
