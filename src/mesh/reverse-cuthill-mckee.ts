import type { CsrMatrix, FloatArray } from '../sparse/csr-matrix.ts';

/**
 * The reverse Cuthill-McKee order of a graph: neighbours get near numbers, components follow one another.
 *
 * George and Liu, *Computer Solution of Large Sparse Positive Definite Systems*, 1981, chapter 4: each component is
 * numbered breadth first from an end of it, neighbours by rising degree; then all is reversed. Ties fall to the lower index.
 *
 * @param adjacency - `[V, V]`, symmetric pattern.
 * @returns `[V]`: the vertex at each place of the order.
 */
export function reverseCuthillMckee({ shape: [size], rowPtr, colIndex }: CsrMatrix<FloatArray>): Int32Array {
  const degree = (v: number): number => rowPtr[v + 1]! - rowPtr[v]!;
  const seen = new Int32Array(size).fill(-1), order = new Int32Array(size);
  let filled = 0, pass = 0;

  // Appends to `order` what is reached from `start`; returns where its last layer begins.
  const search = (start: number): number => {
    const mark = ++pass;
    let head = filled, end = filled + 1, layer = filled;
    order[filled] = start;
    seen[start] = mark;
    while (head < end) {
      layer = head;
      for (const layerEnd = end; head < layerEnd; head++) {
        const v = order[head]!, begin = end;
        for (let p = rowPtr[v]!; p < rowPtr[v + 1]!; p++) {
          const u = colIndex[p]!;
          if (seen[u] === mark) continue;
          seen[u] = mark;
          order[end++] = u;
        }
        order.subarray(begin, end).sort((a, b) => degree(a) - degree(b) || a - b);
      }
    }
    searched = end;
    return layer;
  };
  let searched = 0;
  for (let root = 0; root < size; root++) {
    if (seen[root]! >= 0) continue;
    // Twice to the far end: a pseudo-peripheral start.
    let start = root;
    for (let i = 0; i < 2; i++) {
      const layer = search(start);
      start = order.subarray(layer, searched).reduce((best, v) => (degree(v) < degree(best) ? v : best));
    }
    search(start);
    filled = searched;
  }
  return order.reverse();
}
