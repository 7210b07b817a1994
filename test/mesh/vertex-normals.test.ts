import { expect, it } from 'vitest';
import { vertexNormals } from '../../src/mesh/vertex-normals.ts';
import { icosphere } from '../support/meshes.ts';

it('points outwards on a sphere', () => {
  const sphere = icosphere(3), normals = vertexNormals(sphere);
  for (let v = 0; v < normals.length; v += 3) {
    const cosine = normals[v]! * sphere.vertices[v]! + normals[v + 1]! * sphere.vertices[v + 1]! + normals[v + 2]! * sphere.vertices[v + 2]!;
    expect(cosine).toBeGreaterThan(0.999);
  }
});

it('weights by area: a corner of a large and a small face leans to the large one', () => {
  // Face 0 lies in z = 0 with area 2, face 1 in x = 0 with area 1/2; both meet at the origin.
  const normals = vertexNormals({ vertices: Float64Array.of(0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 1), faces: Int32Array.of(0, 1, 2, 0, 3, 4) });
  expect(Array.from(normals.subarray(0, 3))).toEqual([1 / Math.hypot(1, 4), 0, 4 / Math.hypot(1, 4)].map((x) => expect.closeTo(x, 6)));
});

it('is zero where there is nothing: an isolated vertex, a face without area', () => {
  const normals = vertexNormals({ vertices: Float64Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 5, 0, 0), faces: Int32Array.of(0, 1, 2) });
  expect(Array.from(normals)).toEqual(new Array(12).fill(0));
});
