import { createRandom } from '../../src/core/random.ts';
import type { HeadSource } from '../../src/decoder/head-samples.ts';
import { eggModel } from './face-model.ts';
import { normals } from './graphs.ts';

/**
 * A stand-in for the head generator: an egg of 642 vertices that varies smoothly in `shapes` ways and in its colours in
 * `colors` ways, with a product of two of them, so that no linear model is exact.
 */
export function colouredEggs(shapes = 12, tones = 6): HeadSource {
  const { decoder, topology } = eggModel(), { vertices, colors } = decoder.statistics, count = vertices.length;
  decoder.dispose();
  const wave = (seed: number, frequency: number): Float64Array => {
    const k = normals(9, seed).map((x) => x * frequency / 80), phase = normals(3, seed + 1).map((x) => 3 * x);
    return Float64Array.from({ length: count }, (_, i) => {
      const v = i - i % 3, a = 3 * (i % 3);
      return Math.sin(k[a]! * vertices[v]! + k[a + 1]! * vertices[v + 1]! + k[a + 2]! * vertices[v + 2]! + phase[i % 3]!);
    });
  };
  const shapeModes = Array.from({ length: shapes }, (_, j) => wave(100 + 2 * j, 1 + j / 6)), colorModes = Array.from({ length: tones }, (_, j) => wave(500 + 2 * j, 1 + j));
  return {
    topology,
    sample(random) {
      const a = shapeModes.map((_, j) => random.normal() * 4 * 0.8 ** j), b = colorModes.map((_, j) => random.normal() * 0.1 * 0.8 ** j), bend = a[0]! * a[1]! / 16;
      return {
        vertices: vertices.map((x, i) => x + a.reduce((sum, w, j) => sum + w * shapeModes[j]![i]!, bend * colorModes[0]![i]!)),
        colors: colors.map((x, i) => Math.min(0.98, Math.max(0.02, x + b.reduce((sum, w, j) => sum + w * colorModes[j]![i]!, 0)))),
      };
    },
  };
}

/** Stand-in heads, drawn. */
export const eggHeads = (count: number, seed: number): ReturnType<HeadSource['sample']>[] => {
  const source = colouredEggs(), random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => source.sample(random.fork(`${i}`)));
};
