import { describe, expect, it } from 'vitest';
import { faceArea } from '../../src/data/face-area.ts';
import { shapeError } from '../../src/data/shape-error.ts';
import { movePoints } from '../../src/mesh/move-points.ts';
import type { TriangleMesh } from '../../src/mesh/triangle-mesh.ts';
import { icosphere, joined } from '../support/meshes.ts';

/** A ball, bumped so that no turn maps it to itself. */
const ball = (radius: number, bump = 0): TriangleMesh<Float64Array> => {
  const { vertices, faces } = icosphere(4), out = Float64Array.from(vertices);
  for (let i = 0; i < out.length; i += 3) {
    const length = Math.hypot(out[i]!, out[i + 1]!, out[i + 2]!), [x, y, z] = [out[i]! / length, out[i + 1]! / length, out[i + 2]! / length], r = radius + bump * (Math.sin(5 * x + 1) + Math.cos(4 * y) + x * z);
    out.set([r * x, r * y, r * z], i);
  }
  return { vertices: out, faces };
};
const head = ball(60, 4);
const nearest = ({ vertices }: TriangleMesh, [x, y]: readonly [number, number]): number => {
  let best = 0, least = Infinity;
  for (let v = 0; v < vertices.length / 3; v++) {
    const d = Math.hypot(vertices[3 * v]! - x, vertices[3 * v + 1]! - y);
    if (vertices[3 * v + 2]! > 0 && d < least) [best, least] = [v, d];
  }
  return best;
};
const SEVEN = ([[-40, 15], [-15, 14], [15, 14], [40, 15], [0, -20], [-22, -40], [22, -40]] as const).map((at) => nearest(head, at));
const placesOf = ({ vertices }: TriangleMesh): number[] => SEVEN.flatMap((v) => [vertices[3 * v]!, vertices[3 * v + 1]!, vertices[3 * v + 2]!]);
const MOVE = { scale: 1, rotation: [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6], from: [0, 0, 0], to: [30, -400, 7] };

describe('shapeError', () => {
  it('is nothing for a mesh that was moved and scaled, and finds the scale', () => {
    const scan = { ...head, vertices: movePoints(head.vertices, { ...MOVE, scale: 1.25 }) };
    for (const rounds of [0, 50]) {
      const { median, mean, deviation, points, alignment, count, distance } = shapeError(scan, placesOf(scan), head, SEVEN, { rounds });
      expect(Math.max(median, mean, deviation, points)).toBeLessThan(1e-6);
      expect(alignment.scale).toBeCloseTo(1.25, 9);
      expect(count).toBeGreaterThan(300);
      expect(distance.filter((x) => !Number.isNaN(x)).length).toBe(count);
    }
  });

  it('without scale leaves what the sizes differ in', () => {
    const scan = { ...head, vertices: movePoints(head.vertices, { ...MOVE, scale: 1.05 }) }, { mean, alignment } = shapeError(scan, placesOf(scan), head, SEVEN, { scale: false });
    expect(alignment.scale).toBe(1);
    expect(mean).toBeGreaterThan(0.3);
  });

  it('measures a millimetre between spheres of 60 and 61 mm, over the whole of them, and none with scale', () => {
    const scan = { ...ball(60), faces: new Int32Array(0) }, mesh = ball(61), fixed = shapeError(scan, placesOf(scan), mesh, SEVEN, { scale: false, radius: 200 }), scaled = shapeError(scan, placesOf(scan), mesh, SEVEN, { radius: 200 });
    expect(fixed.count).toBe(scan.vertices.length / 3); // points without faces hide nothing
    // Between facets, not spheres: a little below 1.
    expect(fixed.median).toBeGreaterThan(0.9);
    expect(fixed.median).toBeLessThan(1);
    expect(fixed.deviation).toBeLessThan(0.05);
    expect(scaled.alignment.scale).toBeCloseTo(60 / 61, 3);
    expect(scaled.mean).toBeLessThan(0.05);
  });

  it('speaks in the scan\'s millimetres, whatever the mesh\'s size', () => {
    const [small, large] = [ball(60), ball(600)].map((mesh) => shapeError(head, placesOf(head), mesh, SEVEN)) as [ReturnType<typeof shapeError>, ReturnType<typeof shapeError>];
    expect(small.mean).toBeGreaterThan(0.5);
    expect(large.mean).toBeCloseTo(small.mean, 6);
    expect(large.alignment.scale).toBeCloseTo(small.alignment.scale / 10, 6);
  });

  it('closest points take away what wrong points have put in', () => {
    const scan = { ...head, vertices: movePoints(head.vertices, MOVE) }, off = placesOf(scan).map((x, i) => x + [3, -2, 2, -3, 1][i % 5]!), options = { scale: false, radius: 80 };
    const before = shapeError(scan, off, head, SEVEN, { ...options, rounds: 0 }), after = shapeError(scan, off, head, SEVEN, { ...options, rounds: 200 });
    expect(before.mean).toBeGreaterThan(0.3);
    expect(after.mean).toBeLessThan(0.3 * before.mean);
    expect(after.points).toBe(before.points);
  });

  it('measures the face area alone: what lies beyond does not matter', () => {
    const scan = { ...head, vertices: head.vertices.slice() }, { center: [x, y, z], radius } = faceArea(placesOf(head));
    for (let i = 0; i < scan.vertices.length; i += 3) if (Math.hypot(scan.vertices[i]! - x!, scan.vertices[i + 1]! - y!, scan.vertices[i + 2]! - z!) > radius) scan.vertices[i + 2]! -= 200;
    expect(shapeError(scan, placesOf(head), head, SEVEN).mean).toBeLessThan(1e-6);
  });

  it('leaves out what lies inside: neither seen from the front nor from the sides', () => {
    const { vertices, faces } = icosphere(3), cavity = { vertices: vertices.map((x, i) => 20 * x + (i % 3 === 2 ? 25 : 0)), faces }, scan = joined(head, cavity), { mean, count } = shapeError(scan, placesOf(head), head, SEVEN);
    expect(mean).toBeLessThan(1e-6);
    expect(count).toBe(shapeError(head, placesOf(head), head, SEVEN).count);
  });

  it('counts vertices by the surface about them, and all the same where there is none', () => {
    // The upper half of the ball pushed out by 3 mm; then with every vertex of it there ten times, which adds no surface.
    const vertices = head.vertices.map((x, i) => (head.vertices[i - i % 3 + 1]! > 0 ? 1.05 * x : x)), upper = [...vertices.keys()].filter((i) => i % 3 === 0 && vertices[i + 1]! > 0);
    const dense = Float64Array.from([...vertices, ...Array.from({ length: 10 }, () => upper.flatMap((i) => [...vertices.subarray(i, i + 3)])).flat()]), options = { scale: false, rounds: 0 };
    const once = shapeError({ ...head, vertices }, placesOf(head), head, SEVEN, options), more = shapeError({ ...head, vertices: dense }, placesOf(head), head, SEVEN, options), bare = shapeError({ vertices: dense, faces: new Int32Array(0) }, placesOf(head), head, SEVEN, options);
    expect(more.mean).toBeCloseTo(once.mean, 9);
    expect(bare.mean).toBeGreaterThan(1.3 * once.mean);
    expect(once.weight.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['six points', () => shapeError(head, placesOf(head).slice(3), head, SEVEN), /shapeError: expected the points of the scan to have seven places of three finite numbers, got 6/],
    ['a point that is none', () => shapeError(head, placesOf(head).with(4, NaN), head, SEVEN), /seven places of three finite numbers/],
    ['points on a line', () => shapeError(head, Array.from({ length: 21 }, (_, i) => (i % 3 === 0 ? i : 0)), head, SEVEN), /expected the points of the scan to have places that span a face/],
    ['points in one place', () => shapeError(head, Array.from({ length: 21 }, () => 1), head, SEVEN), /places that span a face/],
    ['a vertex that is none', () => shapeError(head, placesOf(head), head, SEVEN.with(2, 99_999)), /expected the points of the mesh to have seven vertices below 2562, got 99999/],
    ['six vertices', () => shapeError(head, placesOf(head), head, SEVEN.slice(1)), /seven vertices below 2562, got 6/],
    ['another unit', () => shapeError({ ...head, vertices: head.vertices.map((x) => 1000 * x) }, placesOf(head), head, SEVEN), /expected the scan to have at least 100 vertices within 81\.1 mm of the middle of the face, got 0 of 2562/],
    ['a radius of 0', () => shapeError(head, placesOf(head), head, SEVEN, { radius: 0 }), /expected radius to have a positive number, got 0/],
    ['half a round', () => shapeError(head, placesOf(head), head, SEVEN, { rounds: 0.5 }), /expected rounds to have a whole number of at least 0, got 0\.5/],
    ['an option that it has not', () => shapeError(head, placesOf(head), head, SEVEN, { steps: 1 } as object), /only the keys scale, rounds, radius, got steps/],
  ])('refuses %s', (_, run, message) => expect(run).toThrow(message));
});
