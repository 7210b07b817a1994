import { ArgumentError } from '../core/errors.ts';

/**
 * The factor `C` of a small dense symmetric positive matrix, `A = C C^T`, lower triangular, float64; O(n^3 / 3) to make, O(n^2) to apply.
 *
 * Golub and Van Loan, *Matrix Computations*, 4th ed., section 4.2.
 */
export class Cholesky {
  /** `C`, row-major `[n, n]`; zeros above the diagonal. */
  readonly factor: Float64Array;

  /**
   * @param matrix - Row-major `[n, n]`; only the lower triangle is read, nothing is changed.
   * @throws {@link ArgumentError} if it is not positive.
   */
  constructor(matrix: ArrayLike<number>, private readonly n: number) {
    const c = this.factor = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = matrix[i * n + j]!;
        for (let k = 0; k < j; k++) sum -= c[i * n + k]! * c[j * n + k]!;
        if (i === j && !(sum > 0)) throw new ArgumentError('Cholesky', 'matrix', 'positive pivots', `${sum} in row ${i}`);
        c[i * n + j] = i === j ? Math.sqrt(sum) : sum / c[j * n + j]!;
      }
    }
  }

  /** `C^-1 b`, `[n]`. */
  forward(b: ArrayLike<number>): Float64Array {
    const { factor: c, n } = this, x = Float64Array.from(b);
    for (let i = 0; i < n; i++) {
      let sum = x[i]!;
      for (let k = 0; k < i; k++) sum -= c[i * n + k]! * x[k]!;
      x[i] = sum / c[i * n + i]!;
    }
    return x;
  }

  /** `C^-T b`, `[n]`. `A^-1 b` is `backward(forward(b))`. */
  backward(b: ArrayLike<number>): Float64Array {
    const { factor: c, n } = this, x = Float64Array.from(b);
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let k = i + 1; k < n; k++) sum -= c[k * n + i]! * x[k]!;
      x[i] = sum / c[i * n + i]!;
    }
    return x;
  }
}
