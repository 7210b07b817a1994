import type { TriangleMesh } from './triangle-mesh.ts';

/** From where a mesh is looked at: orthographic, a square window. */
export interface DepthWindow {
  /** `[3]` unit vectors to the right, up and towards the viewer. */
  readonly axes: readonly [readonly number[], readonly number[], readonly number[]];
  /** `[3]` in the middle of the window. */
  readonly center: readonly number[];
  /** Half its edge. */
  readonly half: number;
}

/** Cells of the depth map along an edge, and by how many of them a vertex may lie behind what its cell shows. */
const CELLS = 128, BEHIND = 2.5;

/** Which vertices in the window are seen: none of the surface lies before them by more than a few cells of a depth map. `[V]`, 1 or 0. */
export function visibleVertices({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>, { axes, center, half }: DepthWindow): Uint8Array {
  const count = vertices.length / 3, cell = 2 * half / CELLS, depth = new Float64Array(CELLS * CELLS).fill(-Infinity), seen = new Uint8Array(count);
  const along = axes.map((axis) => Float64Array.from({ length: count }, (_, v) => axis.reduce((sum, a, k) => sum + a * (vertices[3 * v + k]! - center[k]!), 0))), z = along[2]!;
  const [x, y] = along.slice(0, 2).map((list) => list.map((d) => (d + half) / cell)) as [Float64Array, Float64Array];
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [faces[f]!, faces[f + 1]!, faces[f + 2]!], area = (x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!);
    if (area === 0) continue;
    const range = (p: Float64Array): [number, number] => [Math.max(0, Math.ceil(Math.min(p[a]!, p[b]!, p[c]!) - 0.5)), Math.min(CELLS - 1, Math.floor(Math.max(p[a]!, p[b]!, p[c]!) - 0.5))];
    const [left, right] = range(x), [low, high] = range(y);
    for (let row = low; row <= high; row++) {
      for (let col = left; col <= right; col++) {
        const wb = ((col + 0.5 - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (row + 0.5 - y[a]!)) / area, wc = ((x[b]! - x[a]!) * (row + 0.5 - y[a]!) - (col + 0.5 - x[a]!) * (y[b]! - y[a]!)) / area;
        if (wb < 0 || wc < 0 || wb + wc > 1) continue;
        const at = row * CELLS + col;
        depth[at] = Math.max(depth[at]!, z[a]! + wb * (z[b]! - z[a]!) + wc * (z[c]! - z[a]!));
      }
    }
  }
  for (let v = 0; v < count; v++) {
    const col = Math.floor(x[v]!), row = Math.floor(y[v]!);
    if (col >= 0 && col < CELLS && row >= 0 && row < CELLS && z[v]! >= depth[row * CELLS + col]! - BEHIND * cell) seen[v] = 1;
  }
  return seen;
}
