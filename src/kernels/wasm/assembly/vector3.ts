// Vectors of three floats in a v128; the fourth lane is 0 when loaded.

// @ts-ignore: decorator
@inline
export function load3(pointer: usize): v128 {
  return v128.load32_lane(pointer + 8, v128.load64_zero(pointer), 2);
}

// @ts-ignore: decorator
@inline
export function store3(pointer: usize, x: v128): void {
  v128.store64_lane(pointer, x, 0);
  v128.store32_lane(pointer + 8, x, 2);
}

// @ts-ignore: decorator
@inline
export function add3(pointer: usize, x: v128): void {
  store3(pointer, f32x4.add(load3(pointer), x));
}

// @ts-ignore: decorator
@inline
export function dot3(a: v128, b: v128): f32 {
  const p = f32x4.mul(a, b);
  return f32x4.extract_lane(p, 0) + f32x4.extract_lane(p, 1) + f32x4.extract_lane(p, 2);
}

// @ts-ignore: decorator
@inline
export function cross3(a: v128, b: v128): v128 {
  const ayzx = v128.shuffle<f32>(a, a, 1, 2, 0, 3), byzx = v128.shuffle<f32>(b, b, 1, 2, 0, 3);
  const c = f32x4.sub(f32x4.mul(a, byzx), f32x4.mul(ayzx, b));
  return v128.shuffle<f32>(c, c, 1, 2, 0, 3);
}

/** x times the scalar s. */
// @ts-ignore: decorator
@inline
export function scale3(x: v128, s: f32): v128 {
  return f32x4.mul(x, f32x4.splat(s));
}
