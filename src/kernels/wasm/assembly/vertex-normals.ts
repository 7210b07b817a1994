import { add3, cross3, dot3, load3, scale3, store3 } from './vector3';

/**
 * out[B,V,3] = unit normals of vertices, weighted by the area of the faces.
 *
 * @returns Position in faces[F,3] of the first index out of range, where it stops, or -1.
 */
export function vertexNormals(vertices: usize, faces: usize, out: usize, batch: i32, count: i32, faceCount: i32): i32 {
  for (let i = 0; i < 3 * faceCount; i++) if (load<u32>(faces + (<usize>i << 2)) >= <u32>count) return i;
  sumFaceNormals(vertices, faces, out, batch, count, faceCount);
  for (let v = 0; v < batch * count; v++, out += 12) {
    const n = load3(out), length = Mathf.sqrt(dot3(n, n));
    store3(out, scale3(n, length > 0 ? 1 / length : 0));
  }
  return -1;
}

/** out[B,V,3] = gradient of vertices for dy[B,V,3]; `sums` is scratch of B V 3 floats. */
export function vertexNormalsGrad(vertices: usize, faces: usize, dy: usize, out: usize, sums: usize, batch: i32, count: i32, faceCount: i32): void {
  sumFaceNormals(vertices, faces, sums, batch, count, faceCount);
  for (let v = 0; v < batch * count; v++) {
    const at = <usize>(12 * v), N = load3(sums + at), g = load3(dy + at), length = Mathf.sqrt(dot3(N, N)), inverse: f32 = length > 0 ? 1 / length : 0;
    const n = scale3(N, inverse);
    store3(sums + at, scale3(f32x4.sub(g, scale3(n, dot3(n, g))), inverse));
  }
  memory.fill(out, 0, <usize>(12 * batch * count));
  for (let b = 0; b < batch; b++) {
    const base = <usize>(12 * b * count);
    for (let f = 0; f < faceCount; f++) {
      const face = faces + <usize>(12 * f), v0 = base + <usize>(12 * load<u32>(face)), v1 = base + <usize>(12 * load<u32>(face, 4)), v2 = base + <usize>(12 * load<u32>(face, 8));
      const p0 = load3(vertices + v0), e = f32x4.sub(load3(vertices + v1), p0), d = f32x4.sub(load3(vertices + v2), p0);
      const g = f32x4.add(f32x4.add(load3(sums + v0), load3(sums + v1)), load3(sums + v2));
      const first = cross3(d, g), second = cross3(g, e);
      add3(out + v1, first);
      add3(out + v2, second);
      add3(out + v0, f32x4.neg(f32x4.add(first, second)));
    }
  }
}

function sumFaceNormals(vertices: usize, faces: usize, out: usize, batch: i32, count: i32, faceCount: i32): void {
  memory.fill(out, 0, <usize>(12 * batch * count));
  for (let b = 0; b < batch; b++) {
    const base = <usize>(12 * b * count);
    for (let f = 0; f < faceCount; f++) {
      const face = faces + <usize>(12 * f), v0 = base + <usize>(12 * load<u32>(face)), v1 = base + <usize>(12 * load<u32>(face, 4)), v2 = base + <usize>(12 * load<u32>(face, 8));
      const p0 = load3(vertices + v0), n = cross3(f32x4.sub(load3(vertices + v1), p0), f32x4.sub(load3(vertices + v2), p0));
      add3(out + v0, n);
      add3(out + v1, n);
      add3(out + v2, n);
    }
  }
}
