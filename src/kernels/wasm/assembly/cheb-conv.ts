import { gemmRows } from './gemm-rows';
import { gemmTransposedRows } from './gemm-transposed-rows';
import { spmmRows } from './spmm-rows';

/** Rows that go through the sparse and the dense product together, so that the second finds them in the second-level cache; 32 costs 7 % in calls. */
const BLOCK: i32 = 1024;

/**
 * out[V,O] = bias + sum over k of T_k(A) x W_k, the recurrence running on the side of the inputs.
 *
 * T_k takes the place of T_{k-2} row by row; the dense products of two terms are taken together, block by block: `out` comes
 * into the cache once for both.
 *
 * @param weights - `[K I, O]`, row k I + i.
 * @param bias - `[O]`, or 0 for none.
 * @param scratch - `[2, V, I]`.
 */
export function chebConvOfBasis(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, weights: usize, bias: usize, out: usize, scratch: usize,
  rows: i32, inputs: i32, outputs: i32, order: i32, relu: bool,
): void {
  const stride = <usize>inputs << 2, size = <usize>rows * stride, step = <usize>(inputs * outputs) << 2;
  if (order == 1) return gemmRows(x, inputs, weights, out, 0, rows, outputs, bias, relu);
  let t0: usize = 0, t1: usize = 0, t2 = x; // T_{k-2}, T_{k-1}, T_k
  for (let k = 1; k < order; k++) {
    t0 = t1;
    t1 = t2;
    t2 = scratch + <usize>(k & 1) * size;
    const last = k == order - 1, pair = k & 1, w = weights + <usize>k * step;
    for (let begin = 0; begin < rows; begin += BLOCK) {
      const end = min(rows, begin + BLOCK);
      spmmRows(rowPtr, colIndex, values, t1, stride, t0, stride, 0, 0, t2, stride, begin, end, inputs, k == 1 ? 1 : 2);
      if (pair) gemmRows(t1, inputs, w - step, out, begin, end, outputs, k == 1 ? bias : 1, false);
      if (pair || last) gemmRows(t2, inputs, w, out, begin, end, outputs, 1, relu && last);
    }
  }
}

/**
 * The same sum by Clenshaw's recurrence on the side of the outputs: cheaper where they are fewer.
 *
 * @param scratch - `[2, V, O]`.
 */
export function chebConvByClenshaw(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, weights: usize, bias: usize, out: usize, scratch: usize,
  rows: i32, inputs: i32, outputs: i32, order: i32, relu: bool,
): void {
  const stride = <usize>outputs << 2, size = <usize>rows * stride;
  let b1: usize = 0, b2: usize = 0;
  for (let k = order - 1; k >= 0; k--) {
    const target = k == 0 ? out : scratch + <usize>(k & 1) * size; // b_k takes the place of b_{k+2} row by row
    const w = weights + <usize>(k * inputs) * stride;
    for (let begin = 0; begin < rows; begin += BLOCK) {
      const end = min(rows, begin + BLOCK);
      if (b1) spmmRows(rowPtr, colIndex, values, b1, stride, b2, stride, k == 0 ? bias : 0, 0, target, stride, begin, end, outputs, k == 0 ? 1 : 2);
      gemmRows(x, inputs, w, target, begin, end, outputs, b1 ? 1 : k == 0 ? bias : 0, relu && k == 0);
    }
    b2 = b1;
    b1 = target;
  }
}

/**
 * dW[k] += (T_k(A) x)^T y, `[K, I, O]`: the recurrence on the side of the inputs, for where they are fewer.
 *
 * @param scratch - `[2, V, I]`.
 */
export function chebConvBackpropOfInputs(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, dy: usize, dWeights: usize, scratch: usize, rows: i32, inputs: i32, outputs: i32, order: i32,
): void {
  const stride = <usize>inputs << 2, size = <usize>rows * stride, step = <usize>(inputs * outputs) << 2;
  let t0: usize = 0, t1: usize = 0, t2 = x;
  for (let k = 0; k < order; k++) {
    if (k > 0) {
      t0 = t1;
      t1 = t2;
      t2 = scratch + <usize>(k & 1) * size;
    }
    for (let begin = 0; begin < rows; begin += BLOCK) {
      const end = min(rows, begin + BLOCK);
      if (k > 0) spmmRows(rowPtr, colIndex, values, t1, stride, t0, stride, 0, 0, t2, stride, begin, end, inputs, k == 1 ? 1 : 2);
      gemmTransposedRows(t2, inputs, dy, outputs, dWeights + <usize>k * step, begin, end);
    }
  }
}

/**
 * dW[k] += x^T T_k(A^T) dy, `[K, I, O]`, and on the way dx = sum over k of T_k(A^T) dy W_k^T: one recurrence, on the side of the
 * outputs, serves both.
 *
 * @param rowPtr - Of A^T.
 * @param weightsT - `[K, O, I]`.
 * @param dx - `[V, I]`.
 * @param scratch - `[2, V, O]`.
 */
export function chebConvBackpropOfOutputs(
  rowPtr: usize, colIndex: usize, values: usize, x: usize, dy: usize, weightsT: usize, dWeights: usize, dx: usize, scratch: usize,
  rows: i32, inputs: i32, outputs: i32, order: i32,
): void {
  const stride = <usize>outputs << 2, size = <usize>rows * stride, step = <usize>(inputs * outputs) << 2;
  let t0: usize = 0, t1: usize = 0, t2 = dy;
  for (let k = 0; k < order; k++) {
    if (k > 0) {
      t0 = t1;
      t1 = t2;
      t2 = scratch + <usize>(k & 1) * size;
    }
    const pair = k & 1, w = weightsT + <usize>k * step;
    for (let begin = 0; begin < rows; begin += BLOCK) {
      const end = min(rows, begin + BLOCK);
      if (k > 0) spmmRows(rowPtr, colIndex, values, t1, stride, t0, stride, 0, 0, t2, stride, begin, end, outputs, k == 1 ? 1 : 2);
      gemmTransposedRows(x, inputs, t2, outputs, dWeights + <usize>k * step, begin, end);
      if (pair) gemmRows(t1, outputs, w - step, dx, begin, end, inputs, k == 1 ? 0 : 1, false);
      if (pair || k == order - 1) gemmRows(t2, outputs, w, dx, begin, end, inputs, k == 0 ? 0 : 1, false);
    }
  }
}
