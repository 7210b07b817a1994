import { expect, it } from 'vitest';
import { visibleLandmarks68 } from '../../src/dense/landmarks68.ts';
import { icosphere } from '../support/meshes.ts';

/** A ball whose outline landmarks lie on its meridian, seen from the front edge on; the other points in front. */
function ball() {
  const { vertices, faces } = icosphere(4), V = vertices.length / 3;
  const nearest = (x: number, y: number, z: number): number => {
    let best = 0, most = -Infinity;
    for (let v = 0; v < V; v++) {
      const dot = vertices[3 * v]! * x + vertices[3 * v + 1]! * y + vertices[3 * v + 2]! * z;
      if (dot > most) [best, most] = [v, dot];
    }
    return best;
  };
  // A little to the front of the meridian, from the image's left over the bottom to its right, as iBUG's outline goes.
  const outline = Array.from({ length: 17 }, (_, i) => nearest(-Math.cos((Math.PI * i) / 16), -Math.sin((Math.PI * i) / 16), 0.35));
  const landmarks68 = Int32Array.from([...outline, nearest(-1, 0, 0.1), ...new Array<number>(50).fill(nearest(0, 0, 1))]); // 17: an inner point, at the side
  return { vertices, topology: { faces, landmarks68, faceMask: new Float32Array(V).fill(1) } };
}

const far = (yaw: number): number[] => [1000 * Math.sin(yaw), 0, 1000 * Math.cos(yaw)];

/** Cosine between the surface and the ray to the eye, on a unit ball. */
const facing = (vertices: ArrayLike<number>, v: number, eye: readonly number[]): number => {
  const ray = eye.map((x, k) => x - vertices[3 * v + k]!), length = Math.hypot(...ray);
  return ray.reduce((sum, x, k) => sum + x * vertices[3 * v + k]!, 0) / length;
};

it('keeps every vertex of a face seen from the front', () => {
  const { vertices, topology } = ball();
  expect([...visibleLandmarks68(topology, vertices, far(0))]).toEqual([...topology.landmarks68]);
});

it('slides the outline of the far side to the visible edge, at its own height, and leaves the near side and the inner points', () => {
  const { vertices, topology } = ball(), eye = far(0.5), seen = visibleLandmarks68(topology, vertices, eye), before = topology.landmarks68;
  // The camera stands at the image's right: points 0 to 4 are turned away, 12 to 16 are not.
  expect([...seen.subarray(12)]).toEqual([...before.subarray(12)]); // also 17, which is turned away and no outline
  expect(facing(vertices, before[17]!, eye)).toBeLessThan(0);
  for (const i of [0, 1, 2, 3]) {
    expect(facing(vertices, before[i]!, eye)).toBeLessThan(0.15);
    expect(seen[i]).not.toBe(before[i]);
    expect(facing(vertices, seen[i]!, eye)).toBeGreaterThanOrEqual(0.14);
    expect(facing(vertices, seen[i]!, eye)).toBeLessThan(0.35); // at the edge, no further
    expect(Math.abs(vertices[3 * seen[i]! + 1]! - vertices[3 * before[i]! + 1]!)).toBeLessThan(0.13);
  }
});

it('stays on the strip towards the middle of the face, however near the visible edge is elsewhere', () => {
  // From the right and below, the visible edge is nearest to the image-left points above and below their own height.
  const { vertices, topology } = ball(), eye = [800, -600, 300], seen = visibleLandmarks68(topology, vertices, eye), before = topology.landmarks68, middle = topology.landmarks68[30]!;
  let slid = 0;
  for (let i = 0; i < 17; i++) {
    if (seen[i] === before[i]) continue;
    slid++;
    const [x, y, u, v, cx, cy] = [before[i]!, seen[i]!, middle].flatMap((p) => [vertices[3 * p]!, vertices[3 * p + 1]!]) as [number, number, number, number, number, number];
    const across = Math.abs((u - x) * (cy - y) - (v - y) * (cx - x)) / Math.hypot(cx - x, cy - y);
    expect(across, `point ${i}`).toBeLessThan(0.13);
  }
  expect(slid).toBeGreaterThan(2);
});

it('slides onto the face alone: where the mask leaves nothing, vertices stay', () => {
  const { vertices, topology } = ball(), faceMask = new Float32Array(topology.faceMask.length);
  expect([...visibleLandmarks68({ ...topology, faceMask }, vertices, far(0.5))]).toEqual([...topology.landmarks68]);
});
