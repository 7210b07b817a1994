/** Numbers per quadric: the upper triangle of A (6), b (3) and c of `x'Ax + 2b'x + c`. */
export const QUADRIC_SIZE = 10;

/** Adds `weight * (n.x + d)^2`, the squared distance to a plane with unit normal n. */
export function addPlaneQuadric(q: Float64Array, vertex: number, weight: number, nx: number, ny: number, nz: number, d: number): void {
  const o = vertex * QUADRIC_SIZE;
  q[o]! += weight * nx * nx;
  q[o + 1]! += weight * nx * ny;
  q[o + 2]! += weight * nx * nz;
  q[o + 3]! += weight * ny * ny;
  q[o + 4]! += weight * ny * nz;
  q[o + 5]! += weight * nz * nz;
  q[o + 6]! += weight * nx * d;
  q[o + 7]! += weight * ny * d;
  q[o + 8]! += weight * nz * d;
  q[o + 9]! += weight * d * d;
}

/** Adds `weight * |x - p|^2`, the squared distance to a point. */
export function addPointQuadric(q: Float64Array, vertex: number, weight: number, px: number, py: number, pz: number): void {
  const o = vertex * QUADRIC_SIZE;
  q[o]! += weight;
  q[o + 3]! += weight;
  q[o + 5]! += weight;
  q[o + 6]! -= weight * px;
  q[o + 7]! -= weight * py;
  q[o + 8]! -= weight * pz;
  q[o + 9]! += weight * (px * px + py * py + pz * pz);
}

/** Adds the quadric of `from` to that of `to`. */
export function mergeQuadrics(q: Float64Array, to: number, from: number): void {
  for (let i = 0; i < QUADRIC_SIZE; i++) q[to * QUADRIC_SIZE + i]! += q[from * QUADRIC_SIZE + i]!;
}

/** The value of a vertex's quadric at a point; below zero only by rounding. */
export function evaluateQuadric(q: Float64Array, vertex: number, x: number, y: number, z: number): number {
  const o = vertex * QUADRIC_SIZE;
  return x * (q[o]! * x + 2 * (q[o + 1]! * y + q[o + 2]! * z + q[o + 6]!))
    + y * (q[o + 3]! * y + 2 * (q[o + 4]! * z + q[o + 7]!))
    + z * (q[o + 5]! * z + 2 * q[o + 8]!) + q[o + 9]!;
}
