import { gemmRows } from './gemm-rows';
import { gemmTransposedRows } from './gemm-transposed-rows';

/** out[B,N] = x[B,M] W[M,N] + bias[N]; bias 0 is none. */
export function linear(x: usize, weights: usize, bias: usize, out: usize, batch: i32, inputs: i32, outputs: i32): void {
  gemmRows(x, inputs, weights, out, 0, batch, outputs, bias, false);
}

/** out[B,M] = dy[B,N] W[M,N]^T. */
export function linearBackpropInput(dy: usize, weights: usize, out: usize, batch: i32, inputs: i32, outputs: i32): void {
  const wStride = <usize>outputs << 2, xStride = <usize>inputs << 2, vector = <usize>(outputs & ~3) << 2;
  for (let m = 0; m < inputs; m++) {
    const row = weights + <usize>m * wStride;
    let b = 0;
    // (1) Two samples at a time, each row of W read once for both.
    for (; b + 2 <= batch; b += 2) {
      const g0 = dy + <usize>b * wStride, g1 = g0 + wStride;
      let s0 = f32x4.splat(0), s1 = s0;
      let j: usize = 0;
      for (; j < vector; j += 16) {
        const w = v128.load(row + j);
        s0 = f32x4.add(s0, f32x4.mul(w, v128.load(g0 + j)));
        s1 = f32x4.add(s1, f32x4.mul(w, v128.load(g1 + j)));
      }
      let t0 = horizontal(s0), t1 = horizontal(s1);
      for (; j < wStride; j += 4) {
        t0 += load<f32>(row + j) * load<f32>(g0 + j);
        t1 += load<f32>(row + j) * load<f32>(g1 + j);
      }
      const target = out + <usize>b * xStride + (<usize>m << 2);
      store<f32>(target, t0);
      store<f32>(target + xStride, t1);
    }
    // (2) The last one.
    for (; b < batch; b++) {
      const g = dy + <usize>b * wStride;
      let s0 = f32x4.splat(0), s1 = s0;
      let j: usize = 0;
      for (; j + 16 < vector; j += 32) {
        s0 = f32x4.add(s0, f32x4.mul(v128.load(row + j), v128.load(g + j)));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(row + j, 16), v128.load(g + j, 16)));
      }
      for (; j < vector; j += 16) s0 = f32x4.add(s0, f32x4.mul(v128.load(row + j), v128.load(g + j)));
      let t = horizontal(f32x4.add(s0, s1));
      for (; j < wStride; j += 4) t += load<f32>(row + j) * load<f32>(g + j);
      store<f32>(out + <usize>b * xStride + (<usize>m << 2), t);
    }
  }
}

/** out[M,N] = x[B,M]^T dy[B,N]. */
export function linearBackpropWeights(x: usize, dy: usize, out: usize, batch: i32, inputs: i32, outputs: i32): void {
  memory.fill(out, 0, <usize>inputs * <usize>outputs << 2);
  gemmTransposedRows(x, inputs, dy, outputs, out, 0, batch);
}

// @ts-ignore: decorator
@inline
function horizontal(s: v128): f32 {
  return (f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1)) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}
