import { boundColorOnHost, unboundColor } from './bound-color.ts';
import type { HeadSamples } from './head-samples.ts';
import type { MeshStatistics } from './mesh-statistics.ts';

/** Share of the mean scale below which no vertex's scale falls. */
const LEAST_SCALE = 0.05;

/** Mean mesh (of colours: before they are bounded) and root mean square departure of each vertex. */
export function sampleStatistics({ count, vertexCount: V, vertices, colors }: HeadSamples): MeshStatistics {
  const moments = (data: Float32Array, map: (x: number) => number): { mean: Float64Array; scale: Float32Array } => {
    const mean = new Float64Array(3 * V), squares = new Float64Array(3 * V);
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < 3 * V; i++) {
        const x = map(data[n * 3 * V + i]!), delta = x - mean[i]!;
        mean[i]! += delta / (n + 1);
        squares[i]! += delta * (x - mean[i]!);
      }
    }
    const rms = Float64Array.from({ length: V }, (_, v) => Math.sqrt((squares[3 * v]! + squares[3 * v + 1]! + squares[3 * v + 2]!) / (3 * count)));
    const least = LEAST_SCALE * rms.reduce((sum, x) => sum + x, 0) / V || 1;
    return { mean, scale: Float32Array.from(rms, (x) => Math.max(x, least)) };
  };
  const shape = moments(vertices, (x) => x), color = moments(colors, unboundColor);
  return {
    vertices: Float32Array.from(shape.mean), vertexScale: shape.scale,
    colors: Float32Array.from(color.mean, boundColorOnHost), colorScale: color.scale,
  };
}
