/** A named array of a set of test vectors: float64 values or indices. */
export interface VectorArray {
  /** Row-major. */
  readonly shape: readonly number[];
  readonly data: Float64Array | Int32Array;
}

/** One computation that others can check theirs against. */
export interface VectorCase {
  /** Unique; the prefix of its arrays. */
  readonly name: string;
  /** Which equations it follows: a key of the index's `kinds`. */
  readonly kind: string;
  /** Sizes and settings. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** What the computation starts from, then what comes out, by the letters of the equations. */
  readonly arrays: Readonly<Record<string, VectorArray>>;
}

/** Numbers uniform in [-1, 1) that float32 holds exactly, so that a float32 program starts from the same inputs. */
export const singles = (length: number, uniform: (low: number, high: number) => number): Float64Array =>
  Float64Array.from({ length }, () => Math.fround(uniform(-1, 1)));
