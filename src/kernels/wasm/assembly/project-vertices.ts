// `basis` is f64[16]: right / aspect (3), up (3), forward (3), eye (3), focal length, 0, scale and offset of z = scale w + offset.

// @ts-ignore: decorator
@inline
function number(basis: usize, i: i32): f64 {
  return load<f64>(basis + (<usize>i << 3));
}

/** out[V,4] = clip space of vertices[V,3]. */
export function projectVertices(vertices: usize, basis: usize, out: usize, count: i32): void {
  const rx = number(basis, 0), ry = number(basis, 1), rz = number(basis, 2), ux = number(basis, 3), uy = number(basis, 4), uz = number(basis, 5);
  const fx = number(basis, 6), fy = number(basis, 7), fz = number(basis, 8), ex = number(basis, 9), ey = number(basis, 10), ez = number(basis, 11);
  const focal = number(basis, 12), scale = number(basis, 14), offset = number(basis, 15);
  for (let v = 0; v < count; v++, vertices += 12, out += 16) {
    const x = <f64>load<f32>(vertices) - ex, y = <f64>load<f32>(vertices, 4) - ey, z = <f64>load<f32>(vertices, 8) - ez, w = fx * x + fy * y + fz * z;
    store<f32>(out, <f32>(focal * (rx * x + ry * y + rz * z)));
    store<f32>(out, <f32>(focal * (ux * x + uy * y + uz * z)), 4);
    store<f32>(out, <f32>(scale * w + offset), 8);
    store<f32>(out, <f32>w, 12);
  }
}

/**
 * dVertices[V,3] of dy[V,4]; `sums` f64[12] receives the sums over vertices of dx d, dy d, dw d and dVertices, where dx and dy are those of
 * (right / aspect) . d and up . d over the focal length, and dw holds what comes through z.
 */
export function projectVerticesGrad(vertices: usize, basis: usize, dy: usize, dVertices: usize, sums: usize, count: i32): void {
  const focal = number(basis, 12), scale = number(basis, 14);
  for (let k = 0; k < 3; k++) {
    const right = number(basis, k), up = number(basis, 3 + k), forward = number(basis, 6 + k), eye = number(basis, 9 + k), at = <usize>k << 2;
    let gx: f64 = 0, gy: f64 = 0, gw: f64 = 0, sum: f64 = 0;
    for (let v = 0; v < count; v++) {
      const row = dy + (<usize>v << 4), column = <usize>(12 * v) + at;
      const x = <f64>load<f32>(row), y = <f64>load<f32>(row, 4), w = <f64>load<f32>(row, 12) + scale * <f64>load<f32>(row, 8);
      const d = <f64>load<f32>(vertices + column) - eye, g = focal * (x * right + y * up) + w * forward;
      store<f32>(dVertices + column, <f32>g);
      gx += x * d;
      gy += y * d;
      gw += w * d;
      sum += g;
    }
    const target = sums + (<usize>k << 3);
    store<f64>(target, gx);
    store<f64>(target, gy, 24);
    store<f64>(target, gw, 48);
    store<f64>(target, sum, 72);
  }
}
