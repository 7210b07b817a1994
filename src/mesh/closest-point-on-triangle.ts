import type { FloatArray } from '../sparse/csr-matrix.ts';

/**
 * The point of triangle (a, b, c) nearest to (x, y, z), as barycentric weights and the squared distance.
 *
 * Ericson, *Real-Time Collision Detection*, 2005, section 5.1.5: by Voronoi region of corners, edges, face. A triangle of
 * no area is treated as its three edges.
 *
 * @param a - Vertex index; likewise `b`, `c`.
 * @param out - Receives (weight a, weight b, weight c, squared distance).
 */
export function closestPointOnTriangle(vertices: FloatArray, a: number, b: number, c: number, x: number, y: number, z: number, out: Float64Array): void {
  const ax = vertices[3 * a]!, ay = vertices[3 * a + 1]!, az = vertices[3 * a + 2]!;
  const abx = vertices[3 * b]! - ax, aby = vertices[3 * b + 1]! - ay, abz = vertices[3 * b + 2]! - az;
  const acx = vertices[3 * c]! - ax, acy = vertices[3 * c + 1]! - ay, acz = vertices[3 * c + 2]! - az;
  const px = x - ax, py = y - ay, pz = z - az;
  const d1 = abx * px + aby * py + abz * pz, d2 = acx * px + acy * py + acz * pz;
  const abab = abx * abx + aby * aby + abz * abz, abac = abx * acx + aby * acy + abz * acz, acac = acx * acx + acy * acy + acz * acz;
  // Corner b: (p - b).ab = d3, (p - b).ac = d4; corner c: d5, d6.
  const d3 = d1 - abab, d4 = d2 - abac, d5 = d1 - abac, d6 = d2 - acac;
  const va = d3 * d6 - d5 * d4, vb = d5 * d2 - d1 * d6, vc = d1 * d4 - d3 * d2, area = va + vb + vc;
  let wb = 0, wc = 0;
  if (!(d1 <= 0 && d2 <= 0)) {
    if (d3 >= 0 && d4 <= d3) wb = 1;
    else if (d6 >= 0 && d5 <= d6) wc = 1;
    else if (vc <= 0 && d1 >= 0 && d3 <= 0 && abab > 0) wb = d1 / (d1 - d3);
    else if (vb <= 0 && d2 >= 0 && d6 <= 0 && acac > 0) wc = d2 / (d2 - d6);
    else if (va <= 0 && d4 >= d3 && d5 >= d6 && d4 - d3 + (d5 - d6) > 0) {
      wc = (d4 - d3) / (d4 - d3 + (d5 - d6));
      wb = 1 - wc;
    } else if (area > 0) {
      wb = vb / area;
      wc = vc / area;
    }
  }
  const dx = px - wb * abx - wc * acx, dy = py - wb * aby - wc * acy, dz = pz - wb * abz - wc * acz;
  out[0] = Math.max(0, 1 - wb - wc);
  out[1] = wb;
  out[2] = wc;
  out[3] = dx * dx + dy * dy + dz * dz;
}
