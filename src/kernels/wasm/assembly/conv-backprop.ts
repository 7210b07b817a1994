import { transposeBlocks } from './rows';

/** The filter of the convolution that undoes the steps of one at stride 1: `[taps, inputs, outputs]` to `[taps, outputs, inputs]`, last tap first. */
export function flipFilter(filter: usize, taps: i32, inputs: i32, outputs: i32, out: usize): void {
  for (let t = 0; t < taps; t++) transposeBlocks(filter + (<usize>(t * inputs * outputs) << 2), out + (<usize>((taps - 1 - t) * inputs * outputs) << 2), 1, inputs, outputs);
}

/**
 * Adds the windows of one row of the output, `[outWidth, rows, filterWidth channels]` inside `windows`, to the rows of the image that they lie on;
 * what lies beyond its sides is left out.
 *
 * @param windows - The first row that is taken; a pixel's windows are `windowStride` bytes apart, their rows `filterWidth channels` numbers.
 * @param dx - The first of `rows` rows `[inWidth, channels]`.
 */
export function addWindows(
  windows: usize, windowStride: usize, rows: i32, dx: usize, inWidth: i32, channels: i32, outWidth: i32, filterWidth: i32, stride: i32, padLeft: i32,
): void {
  const pixel = <usize>channels << 2;
  for (let p = 0; p < outWidth; p++) {
    const begin = p * stride - padLeft, from = max(0, -begin), to = min(filterWidth, inWidth - begin);
    if (to <= from) continue;
    const bytes = <usize>(to - from) * pixel, vectors = bytes & ~15;
    let s = windows + <usize>p * windowStride + <usize>from * pixel, t = dx + <usize>(begin + from) * pixel;
    for (let r = 0; r < rows; r++, s += <usize>filterWidth * pixel, t += <usize>inWidth * pixel) {
      for (let i: usize = 0; i < vectors; i += 16) v128.store(t + i, f32x4.add(v128.load(t + i), v128.load(s + i)));
      for (let i = vectors; i < bytes; i += 4) store<f32>(t + i, load<f32>(t + i) + load<f32>(s + i));
    }
  }
}
