import { locateRows, sampleRows, scatterSamples } from './deform-sample';

// Mirrors src/kernels/impl/deform-sample.ts, for a matrix product elsewhere: all taps of output pixels `begin` to `end` - 1 as rows of a matrix.
// Scratch: `zeros [I]`, `table [block, 32 bytes]`.

/** columns[p - begin, tap, I] = mask times sample. */
export function deformColumns(
  x: usize, offsets: usize, mask: usize, columns: usize, zeros: usize, table: usize, block: i32, begin: i32, end: i32,
  height: i32, width: i32, inputs: i32, kernelWidth: i32, taps: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const step = <usize>(taps * inputs) << 2;
  memory.fill(zeros, 0, <usize>inputs << 2);
  for (let p = begin; p < end; p += block, columns += <usize>block * step) {
    const stop = min(end, p + block);
    for (let t = 0; t < taps; t++) {
      locateRows(offsets, mask, table, p, stop, t, height, width, inputs, kernelWidth, taps, outHeight, outWidth, stride, padding);
      sampleRows(x, table, zeros, columns + (<usize>(t * inputs) << 2), stop - p, inputs, step);
    }
  }
}

/**
 * From the gradients by the columns: adds to dx[B,H,W,I]; writes dOffsets and dMask of these pixels.
 *
 * @param spill - `[I]` floats, not read by anyone.
 */
export function scatterColumns(
  x: usize, offsets: usize, mask: usize, columns: usize, dx: usize, dOffsets: usize, dMask: usize, zeros: usize, spill: usize, table: usize, block: i32, begin: i32, end: i32,
  height: i32, width: i32, inputs: i32, kernelWidth: i32, taps: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const step = <usize>(taps * inputs) << 2;
  memory.fill(zeros, 0, <usize>inputs << 2);
  memory.fill(spill, 0, <usize>inputs << 2);
  for (let p = begin; p < end; p += block, columns += <usize>block * step) {
    const stop = min(end, p + block);
    for (let t = 0; t < taps; t++) {
      const at = <usize>(p * taps + t) << 2;
      locateRows(offsets, mask, table, p, stop, t, height, width, inputs, kernelWidth, taps, outHeight, outWidth, stride, padding);
      scatterSamples(x, dx, table, zeros, spill, columns + (<usize>(t * inputs) << 2), dOffsets + (at << 1), dMask + at, stop - p, inputs, taps, step);
    }
  }
}
