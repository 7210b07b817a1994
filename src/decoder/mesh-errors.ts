/** Distribution of an error over vertices and heads. */
export interface ErrorSummary {
  readonly mean: number;
  /** 95 % of the errors are at most this. */
  readonly percentile95: number;
  readonly max: number;
}

/** Mean, 95 % and greatest of errors; they are sorted in place. */
export function summarizeErrors(errors: Float32Array): ErrorSummary {
  errors.sort();
  let sum = 0;
  for (const e of errors) sum += e;
  return { mean: sum / errors.length, percentile95: errors[Math.min(errors.length - 1, Math.ceil(0.95 * errors.length) - 1)]!, max: errors.at(-1)! };
}

/** `[N V]` Euclidean distances of vertices, mm. */
export function vertexErrors(made: Float32Array, wanted: Float32Array): Float32Array {
  return Float32Array.from({ length: made.length / 3 }, (_, v) => {
    const [x, y, z] = [made[3 * v]! - wanted[3 * v]!, made[3 * v + 1]! - wanted[3 * v + 1]!, made[3 * v + 2]! - wanted[3 * v + 2]!];
    return Math.sqrt(x * x + y * y + z * z);
  });
}

/** `[N V]` mean absolute differences of the three channels, of 255. */
export function colorErrors(made: Float32Array, wanted: Float32Array): Float32Array {
  return Float32Array.from({ length: made.length / 3 }, (_, v) =>
    255 / 3 * (Math.abs(made[3 * v]! - wanted[3 * v]!) + Math.abs(made[3 * v + 1]! - wanted[3 * v + 1]!) + Math.abs(made[3 * v + 2]! - wanted[3 * v + 2]!)));
}
