import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { alignRigidly } from '../../src/data/align-rigidly.ts';

describe('alignRigidly', () => {
  const random = createRandom(2), reference = Float64Array.from({ length: 60 }, () => random.normal(0, 50)), weights = Float64Array.from({ length: 20 }, (_, v) => (v < 15 ? random.uniform(0.2, 1) : 0));

  it('undoes a rotation and a shift, and leaves a scale', () => {
    const [a, b] = [0.7, -0.4], scale = 1.3, moved = new Float64Array(60);
    for (let v = 0; v < 20; v++) {
      const [x, y, z] = [0, 1, 2].map((k) => scale * reference[3 * v + k]!) as [number, number, number], x1 = Math.cos(a) * x + Math.sin(a) * z, z1 = Math.cos(a) * z - Math.sin(a) * x;
      moved.set([x1 + 370, Math.cos(b) * y - Math.sin(b) * z1 - 12, Math.sin(b) * y + Math.cos(b) * z1 + 5], 3 * v);
    }
    alignRigidly(moved, reference, weights);
    const total = weights.reduce((s, w) => s + w), centre = [0, 1, 2].map((k) => weights.reduce((s, w, v) => s + w * reference[3 * v + k]!, 0) / total);
    for (let i = 0; i < 60; i++) expect(moved[i]!).toBeCloseTo(centre[i % 3]! + scale * (reference[i]! - centre[i % 3]!), 8);
  });

  it('gives weightless points no say', () => {
    const points = reference.slice();
    for (let i = 45; i < 60; i++) points[i]! += random.normal(0, 100);
    const before = points.slice();
    alignRigidly(points, reference, weights);
    points.forEach((x, i) => expect(x).toBeCloseTo(before[i]!, 8));
  });
});
