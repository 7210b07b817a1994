import { locateRows, sampleRows, scatterSamples } from './deform-sample';
import { gemmRows } from './gemm-rows';
import { gemmTransposedRows } from './gemm-transposed-rows';

// Mirrors src/kernels/impl/deform-conv2d.ts. `block` output pixels are sampled by one tap into `tile [block, I]` and multiplied from there: both, and
// the weights of the tap, lie in the cache, and no memory grows with the image. Scratch: `zeros [I]`, `table [block, 32 bytes]`.

/** out[B,Ho,Wo,O] = bias + sum over taps of (mask sample) W_t; bias 0 is none. */
export function deformConv2d(
  x: usize, weights: usize, offsets: usize, mask: usize, bias: usize, out: usize, zeros: usize, table: usize, tile: usize, block: i32,
  batch: i32, height: i32, width: i32, inputs: i32, outputs: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const taps = kernelHeight * kernelWidth, pixels = batch * outHeight * outWidth, step = <usize>(inputs * outputs) << 2, row = <usize>outputs << 2;
  memory.fill(zeros, 0, <usize>inputs << 2);
  for (let begin = 0; begin < pixels; begin += block) {
    const end = min(pixels, begin + block), target = out + <usize>begin * row;
    for (let t = 0; t < taps; t++) {
      locateRows(offsets, mask, table, begin, end, t, height, width, inputs, kernelWidth, taps, outHeight, outWidth, stride, padding);
      sampleRows(x, table, zeros, tile, end - begin, inputs, <usize>inputs << 2);
      gemmRows(tile, inputs, weights + <usize>t * step, target, 0, end - begin, outputs, t == 0 ? bias : 1, false);
    }
  }
}

/**
 * dx[B,H,W,I], dOffsets[B,Ho,Wo,taps,2] and dMask[B,Ho,Wo,taps], overwritten.
 *
 * @param weightsT - `[taps, O, I]`.
 * @param spill - `[I]` floats, not read by anyone.
 */
export function deformConv2dBackpropSamples(
  x: usize, weightsT: usize, offsets: usize, mask: usize, dy: usize, dx: usize, dOffsets: usize, dMask: usize,
  zeros: usize, spill: usize, table: usize, tile: usize, block: i32,
  batch: i32, height: i32, width: i32, inputs: i32, outputs: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const taps = kernelHeight * kernelWidth, pixels = batch * outHeight * outWidth, step = <usize>(inputs * outputs) << 2, row = <usize>outputs << 2;
  memory.fill(zeros, 0, <usize>inputs << 2);
  memory.fill(spill, 0, <usize>inputs << 2);
  memory.fill(dx, 0, <usize>batch * <usize>height * <usize>width * (<usize>inputs << 2));
  for (let begin = 0; begin < pixels; begin += block) {
    const end = min(pixels, begin + block), source = dy + <usize>begin * row;
    for (let t = 0; t < taps; t++) {
      const at = <usize>(begin * taps + t) << 2;
      locateRows(offsets, mask, table, begin, end, t, height, width, inputs, kernelWidth, taps, outHeight, outWidth, stride, padding);
      gemmRows(source, outputs, weightsT + <usize>t * step, tile, 0, end - begin, inputs, 0, false);
      scatterSamples(x, dx, table, zeros, spill, tile, dOffsets + (at << 1), dMask + at, end - begin, inputs, taps, <usize>inputs << 2);
    }
  }
}

/** dWeights[taps,I,O] = sum over pixels of (mask sample)^T dy, overwritten. */
export function deformConv2dBackpropWeights(
  x: usize, offsets: usize, mask: usize, dy: usize, dWeights: usize, zeros: usize, table: usize, tile: usize, block: i32,
  batch: i32, height: i32, width: i32, inputs: i32, outputs: i32, kernelHeight: i32, kernelWidth: i32, outHeight: i32, outWidth: i32, stride: i32, padding: i32,
): void {
  const taps = kernelHeight * kernelWidth, pixels = batch * outHeight * outWidth, step = <usize>(inputs * outputs) << 2, row = <usize>outputs << 2;
  memory.fill(zeros, 0, <usize>inputs << 2);
  memory.fill(dWeights, 0, <usize>taps * step);
  for (let begin = 0; begin < pixels; begin += block) {
    const end = min(pixels, begin + block), source = dy + <usize>begin * row;
    for (let t = 0; t < taps; t++) {
      locateRows(offsets, mask, table, begin, end, t, height, width, inputs, kernelWidth, taps, outHeight, outWidth, stride, padding);
      sampleRows(x, table, zeros, tile, end - begin, inputs, <usize>inputs << 2);
      gemmTransposedRows(tile, inputs, source, outputs, dWeights + <usize>t * step, 0, end - begin);
    }
  }
}
