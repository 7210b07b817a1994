/** out[i] = factor a[i]. */
export function scaleNumbers(a: usize, factor: f32, out: usize, count: i32): void {
  const end = <usize>count << 2, vectors = end & ~15, f = f32x4.splat(factor);
  for (let i: usize = 0; i < vectors; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), f));
  for (let i = vectors; i < end; i += 4) store<f32>(out + i, load<f32>(a + i) * factor);
}

/** out[r, c] = a[r, c] b[c]. */
export function multiplyRows(a: usize, b: usize, out: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2, vectors = bytes & ~15;
  for (let r = 0; r < rows; r++, a += bytes, out += bytes) {
    for (let i: usize = 0; i < vectors; i += 16) v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
    for (let i = vectors; i < bytes; i += 4) store<f32>(out + i, load<f32>(a + i) * load<f32>(b + i));
  }
}

/** out[r, c] = a[r, c] - b[c]. */
export function subtractRows(a: usize, b: usize, out: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2, vectors = bytes & ~15;
  for (let r = 0; r < rows; r++, a += bytes, out += bytes) {
    for (let i: usize = 0; i < vectors; i += 16) v128.store(out + i, f32x4.sub(v128.load(a + i), v128.load(b + i)));
    for (let i = vectors; i < bytes; i += 4) store<f32>(out + i, load<f32>(a + i) - load<f32>(b + i));
  }
}

/**
 * out[r, c] = scale[c] (x[r, c] - mean[c]) / sqrt(variance[c] + epsilon) + offset[c].
 *
 * @param scale - Or 0 for ones.
 * @param offset - Or 0 for zeros.
 * @param factors - Room for `columns` numbers and a vector.
 */
export function batchNormRows(x: usize, mean: usize, variance: usize, offset: usize, scale: usize, epsilon: f32, factors: usize, out: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2, vectors = bytes & ~15;
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(factors + i, (scale ? load<f32>(scale + i) : 1) / sqrt<f32>(load<f32>(variance + i) + epsilon));
  for (let r = 0; r < rows; r++, x += bytes, out += bytes) {
    for (let i: usize = 0; i < vectors; i += 16) {
      const v = f32x4.mul(f32x4.sub(v128.load(x + i), v128.load(mean + i)), v128.load(factors + i));
      v128.store(out + i, offset ? f32x4.add(v, v128.load(offset + i)) : v);
    }
    for (let i = vectors; i < bytes; i += 4) {
      const v = (load<f32>(x + i) - load<f32>(mean + i)) * load<f32>(factors + i);
      store<f32>(out + i, offset ? v + load<f32>(offset + i) : v);
    }
  }
}
