import { meshAdjacency } from '../mesh/adjacency.ts';

/**
 * How much each vertex matters to a hierarchy that shall carry the detail of a linear model: departure of its covariance with
 * the latent from the mean of its neighbours', of shape and colour in shares of the mean, raised to a power; 1 on average.
 *
 * @param covariances - Each `[L, 3V]`.
 * @param power - 0: all alike.
 */
export function detailImportance(faces: Int32Array, vertexCount: number, covariances: readonly { readonly data: Float32Array; readonly weight: number }[], power: number): Float64Array {
  const { rowPtr, colIndex } = meshAdjacency(faces, vertexCount), total = new Float64Array(vertexCount), size = 3 * vertexCount;
  for (const { data, weight } of covariances) {
    const detail = new Float64Array(vertexCount);
    for (let row = 0; row < data.length; row += size) {
      for (let v = 0; v < vertexCount; v++) {
        const degree = rowPtr[v + 1]! - rowPtr[v]!;
        for (let k = 0; k < 3 && degree > 0; k++) {
          let sum = 0;
          for (let p = rowPtr[v]!; p < rowPtr[v + 1]!; p++) sum += data[row + 3 * colIndex[p]! + k]!;
          detail[v]! += (data[row + 3 * v + k]! - sum / degree) ** 2;
        }
      }
    }
    const mean = detail.reduce((sum, x) => sum + x, 0) / vertexCount || 1;
    for (let v = 0; v < vertexCount; v++) total[v]! += weight * detail[v]! / mean;
  }
  // A floor keeps what never moves from vanishing.
  const powers = total.map((x) => (x + 0.02) ** power), mean = powers.reduce((sum, x) => sum + x, 0) / vertexCount;
  return powers.map((x) => x / mean);
}
