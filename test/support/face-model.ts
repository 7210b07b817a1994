import { createRandom } from '../../src/core/random.ts';
import type { HeadTopology } from '../../src/data/head-topology.ts';
import { MeshDecoder } from '../../src/decoder/mesh-decoder.ts';
import { buildHierarchy } from '../../src/mesh/hierarchy.ts';
import { icosphere } from './meshes.ts';

/** A coloured ellipsoid of 642 vertices with landmarks here and there, for tests that need a whole model but no face. */
export function eggModel(): { decoder: MeshDecoder; topology: HeadTopology } {
  const { vertices: unit, faces } = icosphere(3), V = unit.length / 3, random = createRandom(5);
  const vertices = Float32Array.from(unit, (x, i) => x * [70, 95, 80][i % 3]!);
  const colors = Float32Array.from(unit, (x, i) => 0.55 + 0.25 * Math.sin(2.5 * x + i % 3));
  const hierarchy = buildHierarchy({ vertices, faces }, { levels: 3, factor: 4 });
  const statistics = { vertices, colors, vertexScale: new Float32Array(V).fill(4), colorScale: new Float32Array(V).fill(0.4) };
  const decoder = new MeshDecoder(hierarchy, statistics, { filters: [16, 8, 8], linearShapeLevel: 2, linearColorLevel: 1 });
  const mirrored = (v: number): number => nearest(unit, [-unit[3 * v]!, unit[3 * v + 1]!, unit[3 * v + 2]!]);
  const front = Array.from({ length: 68 }, (_, i): number => nearest(unit, i < 17
    ? [-Math.cos((Math.PI * i) / 16), -Math.sin((Math.PI * i) / 16), 0.2] : [random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5), 1]));
  const topology: HeadTopology = {
    faces, faceMask: Float32Array.from({ length: V }, (_, v) => (unit[3 * v + 2]! > 0.1 ? 1 : 0)), region: new Uint8Array(V),
    landmarks68: Int32Array.from(front),
    landmarks5: Int32Array.from([[-0.4, 0.3, 0.9], [0.4, 0.3, 0.9], [0, 0, 1], [-0.3, -0.4, 0.9], [0.3, -0.4, 0.9]].map((p) => nearest(unit, p))),
    mirror: Int32Array.from({ length: V }, (_, v) => mirrored(v)),
  };
  return { decoder, topology };
}

function nearest(points: ArrayLike<number>, [x, y, z]: readonly number[]): number {
  let best = 0, least = Infinity;
  for (let v = 0; v < points.length / 3; v++) {
    const d = (points[3 * v]! - x!) ** 2 + (points[3 * v + 1]! - y!) ** 2 + (points[3 * v + 2]! - z!) ** 2;
    if (d < least) [best, least] = [v, d];
  }
  return best;
}
