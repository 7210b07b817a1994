import type { Random } from '../../src/core/random.ts';
import type { RasterCase } from './raster.ts';

type Corner = readonly [x: number, y: number, z: number, w: number];

/** Kinds of triangles that break rasterizers: three corners in clip space each. */
const KINDS: readonly ((random: Random) => Corner[])[] = [
  // Without area: a corner twice, three times, on one line, on one line in space.
  (random) => { const [a, b] = corners(random); return [a!, b!, a!]; },
  (random) => { const [a] = corners(random); return [a!, a!, a!]; },
  (random) => { const [a, b] = corners(random); return [a!, b!, mixed(a!, b!, 0.5)]; },
  (random) => { const [a, b] = corners(random); return [a!, mixed(a!, b!, 1 / 3), mixed(a!, b!, random.uniform(-1, 2))]; },
  // Edge-on: the plane goes through the eye, or nearly.
  (random) => { const [a, b] = corners(random); return [a!, b!, mixed(a!, b!, random.uniform()).map((x) => 2 * x) as unknown as Corner]; },
  (random) => { const [a, b] = corners(random); return [a!, b!, mixed(a!, b!, random.uniform()).map((x) => 2 * x + 1e-7 * random.normal()) as unknown as Corner]; },
  // Behind the eye; reaching behind it; with a corner in its plane; at and across the near and the far plane.
  (random) => corners(random).map(([x, y, z, w]) => [x, y, z, -w]),
  (random) => corners(random).map(([x, y, z, w], i) => [x, y, z, i === 0 ? -w : w]),
  (random) => corners(random).map(([x, y, z, w], i) => [x, y, z, i < 2 ? -w : w]),
  (random) => corners(random).map(([x, y, z, w], i) => [x, y, z, i === 0 ? 0 : w]),
  (random) => corners(random).map(([x, y, , w]) => [x, y, -w, w]),
  (random) => corners(random).map(([x, y, , w], i) => [x, y, i === 0 ? -2 * w : 0, w]),
  (random) => corners(random).map(([x, y, , w], i) => [x, y, i === 0 ? 3 * w : w, w]),
  // Corners at the centres of pixels and on the image's border.
  (random) => corners(random).map(() => [-1 + (2 * random.integer(14)) / 13, -1 + (2 * random.integer(17)) / 16, 0.1, 1]),
  // Large and small numbers, together and apart; denormal ones; zeros.
  (random) => corners(random).map((c) => c.map((x) => 1e20 * x) as unknown as Corner),
  (random) => corners(random).map((c) => c.map((x) => 1e-20 * x) as unknown as Corner),
  (random) => corners(random).map((c) => c.map((x) => x * 10 ** random.uniform(-20, 20)) as unknown as Corner),
  (random) => corners(random).map((c) => c.map((x) => x * [1e-20, 1, 1e20][random.integer(3)]!) as unknown as Corner),
  (random) => corners(random).map((c) => c.map((x) => x * 3e38 * random.integer(2)) as unknown as Corner),
  (random) => corners(random).map((c) => c.map((x) => x * 1e-42) as unknown as Corner),
  (random) => corners(random).map(() => [0, 0, 0, 0]),
  (random) => corners(random),
];

/** `faceCount` triangles of every kind, some of them twice, as one batch entry of `height` x `width`. */
export function hostileTriangles(random: Random, faceCount: number, height: number, width: number): RasterCase {
  const vertices = new Float32Array(12 * faceCount);
  for (let f = 0; f < faceCount; f++) {
    const again = f > 0 && random.uniform() < 0.1 ? random.integer(f) : -1, turn = random.integer(3);
    const triangle = again < 0 ? KINDS[random.integer(KINDS.length)]!(random) : [0, 1, 2].map((k) => [...vertices.subarray(12 * again + 4 * ((k + turn) % 3), 12 * again + 4 * ((k + turn) % 3) + 4)]);
    vertices.set(triangle.flat().map((x) => Math.max(-3e38, Math.min(3e38, x))), 12 * f);
  }
  return { vertices, faces: Int32Array.from({ length: 3 * faceCount }, (_, i) => i), sizes: { batch: 1, vertexCount: 3 * faceCount, faceCount, height, width } };
}

/** Three corners of a triangle somewhere in and around the image. */
function corners(random: Random): Corner[] {
  return Array.from({ length: 3 }, () => {
    const w = random.uniform(0.3, 3);
    return [random.uniform(-1.4, 1.4) * w, random.uniform(-1.4, 1.4) * w, random.uniform(-1, 1) * w, w];
  });
}

const mixed = (a: Corner, b: Corner, t: number): Corner => a.map((x, i) => (1 - t) * x + t * b[i]!) as unknown as Corner;
