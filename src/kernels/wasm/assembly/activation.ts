// @ts-ignore: decorator
@inline
/** min(max(v, slope v, low), high): identity, ReLU, ReLU6 and leaky ReLU (slope in [0, 1]) by their numbers. NaN stays. */
export function activate(v: v128, slope: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(f32x4.pmax(v, f32x4.mul(v, slope)), low), high);
}
