import { describe, expect, it } from 'vitest';
import { rasterizeMeshImpl } from '../../../src/kernels/impl/rasterize-mesh.ts';
import { expectClose } from '../../support/close.ts';
import { normals } from '../../support/graphs.ts';
import { randomTriangles, referenceFragments, referenceRender } from '../../support/raster.ts';

/** Fragments of one image of `vertices [V, 4]`. */
function render(vertices: number[], faces: number[], height: number, width: number) {
  return referenceFragments({ vertices: Float64Array.from(vertices), faces: Int32Array.from(faces), sizes: { batch: 1, vertexCount: vertices.length / 4, faceCount: faces.length / 3, height, width } });
}

describe('rasterizeMeshImpl', () => {
  it('solves for the weights of the corners in perspective', () => {
    // Three corners at depths 1, 2 and 4; the point with weights (1/2, 1/4, 1/4) of the plane projects to the pixel's centre.
    const corners = [[-1, 0.4, 0, 1], [1.5, -0.8, 0.5, 2], [0.5, 0, 1, 4]];
    const { faceIndex, barycentrics, zBuffer } = render(corners.flat(), [0, 1, 2], 1, 1);
    expect([...faceIndex]).toEqual([0]);
    expectClose(barycentrics, [0.5, 0.25, 0.25], { rtol: 1e-15, atol: 0 });
    expectClose(zBuffer, [(0.5 * 0 + 0.25 * 0.5 + 0.25 * 1) / (0.5 + 0.5 + 1)], { rtol: 1e-15, atol: 0 });
  });

  it('has row 0 at the top and pixel centres at a half', () => {
    // The corner of clip space where y is up and x is left.
    const { faceIndex, zBuffer } = render([-1, 1, 0, 1, 0.2, 1, 0, 1, -1, -0.2, 0, 1], [0, 1, 2], 2, 3);
    expect([...faceIndex]).toEqual([0, -1, -1, -1, -1, -1]);
    expect([...zBuffer]).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it('takes a pixel exactly on an edge as inside', () => {
    const { faceIndex, barycentrics } = render([0, -1, 0.5, 1, 0, 1, 0.5, 1, 0.5, -1, 0.5, 1], [0, 1, 2], 5, 641);
    expect(faceIndex[2 * 641 + 320]).toBe(0);
    expect(faceIndex[2 * 641 + 319]).toBe(-1);
    expectClose(barycentrics.subarray(3 * (2 * 641 + 320), 3 * (2 * 641 + 320) + 3), [0.5, 0.5, 0], { rtol: 0, atol: 1e-15 });
  });

  it('covers every pixel of the image from edge to edge, without a crack along the diagonal', () => {
    const corners = [-1, -1, 0, 1, 1, -1, 0, 1, 1, 1, 0, 1, -1, 1, 0, 1];
    for (const [height, width] of [[5, 5], [7, 13], [641, 3]] as const) expect(Math.min(...render(corners, [0, 1, 2, 0, 2, 3], height, width).faceIndex)).toBe(0);
  });

  it('sees no face without area', () => {
    expect(Math.max(...render([0, -1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1], [0, 1, 2], 5, 5).faceIndex)).toBe(-1);
    expect(Math.max(...render([0, -1, 0, 1, 0, -1, 0, 1, 0.5, 1, 0, 1], [0, 1, 2], 5, 5).faceIndex)).toBe(-1);
  });

  it('sees both sides, with the corners in their order', () => {
    const corners = [-0.9, -0.8, 0, 1, 0.9, -0.8, 0, 1, 0, 0.9, 0, 1], front = render(corners, [0, 1, 2], 9, 11), back = render(corners, [2, 1, 0], 9, 11);
    expect([...back.faceIndex]).toEqual([...front.faceIndex]);
    for (let p = 0; p < front.faceIndex.length; p++) {
      expectClose([...back.barycentrics.subarray(3 * p, 3 * p + 3)].reverse(), front.barycentrics.subarray(3 * p, 3 * p + 3), { rtol: 1e-15, atol: 0 });
    }
  });

  it('sees the part in front of the eye of a face that reaches behind it', () => {
    // As the external triangle of the literature: one corner has w < 0, so the visible part lies beyond the opposite edge.
    const { faceIndex, barycentrics } = render([-0.5, -0.5, 0, 1, 0, -0.5, 0, -1, 0.5, -0.5, 0, 1], [0, 1, 2], 8, 8);
    const rows = Array.from({ length: 8 }, (_, r) => [...faceIndex.subarray(8 * r, 8 * r + 8)].filter((f) => f === 0).length);
    expect(rows).toEqual([0, 0, 0, 0, 0, 0, 4, 6]);
    for (let p = 0; p < 64; p++) if (faceIndex[p] === 0) expect(Math.min(...barycentrics.subarray(3 * p, 3 * p + 3))).toBeGreaterThanOrEqual(0);
  });

  it('cuts at near and far by z against w', () => {
    // z runs from -2 to 2 across the image: the middle half is seen.
    const { faceIndex } = render([-1, -1, -2, 1, 1, -1, 2, 1, 1, 1, 2, 1, -1, 1, -2, 1], [0, 1, 2, 0, 2, 3], 1, 8);
    expect([...faceIndex].map((f) => f >= 0)).toEqual([false, false, true, true, true, true, false, false]);
  });

  it('sees the walls of a box from inside', () => {
    const box: number[] = [], eye = [0.1, -0.05, 0.15];
    for (let k = 0; k < 8; k++) {
      const [x, y, z] = [k & 1, (k >> 1) & 1, k >> 2].map((bit, axis) => 2 * bit - 1 - eye[axis]!) as [number, number, number];
      box.push(x, y, -1.002 * z - 0.02002, -z);
    }
    const quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]];
    const { faceIndex, zBuffer } = render(box, quads.flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!]), 31, 47);
    expect(Math.min(...faceIndex)).toBeGreaterThanOrEqual(0);
    expect(new Set([...faceIndex].map((f) => f >> 1))).toEqual(new Set([0, 2, 3, 4, 5]));
    expect(Math.max(...zBuffer)).toBeLessThan(1);
  });

  it('shows the nearer face, and of equally near ones the first', () => {
    const near = [-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1], far = near.map((x, i) => (i % 4 === 2 ? 0.5 : x));
    expect([...render([...far, ...near], [0, 1, 2, 3, 4, 5], 2, 3).faceIndex]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...render([...near, ...near], [0, 1, 2, 5, 4, 3], 2, 3).faceIndex]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...render(near.map((x, i) => (i % 4 === 2 ? 1 : x)), [0, 1, 2], 1, 1).faceIndex]).toEqual([0]);
  });

  it('stops at an index out of range and at a number that is not finite', () => {
    const out = { faceIndex: new Int32Array(4), barycentrics: new Float64Array(12), zBuffer: new Float64Array(4) };
    const sizes = { batch: 1, vertexCount: 3, faceCount: 1, height: 2, width: 2 }, good = Float64Array.from([-1, -1, 0, 1, 1, -1, 0, 1, 0, 1, 0, 1]);
    expect(rasterizeMeshImpl(good, Int32Array.of(0, 3, 2), out, sizes)).toBe(1);
    expect(rasterizeMeshImpl(good, Int32Array.of(0, 1, -1), out, sizes)).toBe(2);
    for (const bad of [NaN, Infinity, -Infinity]) expect(rasterizeMeshImpl(good.map((x, i) => (i === 7 ? bad : x)), Int32Array.of(0, 1, 2), out, sizes)).toBe(3 + 7);
  });

  it.each([1, 2, 3])('has the gradient of central differences where no pixel changes its face (%i)', (seed) => {
    const scene = randomTriangles(seed), vertices = Float64Array.from(scene.vertices), { sizes } = scene, channels = 2;
    const attributes = normals(sizes.batch * sizes.vertexCount * channels, seed + 10), dy = normals(sizes.batch * sizes.height * sizes.width * channels, seed + 20);
    const { dVertices, dAttributes, faceIndex } = referenceRender({ ...scene, vertices }, attributes, channels, false, dy);
    const loss = (v: Float64Array, a: Float64Array) => {
      const out = referenceRender({ ...scene, vertices: v }, a, channels, false);
      return { value: out.image.reduce((sum, x, i) => sum + x * dy[i]!, 0), same: out.faceIndex.every((f, p) => f === faceIndex[p]) };
    };
    const difference = (at: Float64Array, i: number, of: (x: Float64Array) => { value: number; same: boolean }): number | null => {
      const step = 1e-6, [plus, minus] = [step, -step].map((d) => of(at.map((x, k) => (k === i ? x + d : x))));
      return plus!.same && minus!.same ? (plus!.value - minus!.value) / (2 * step) : null;
    };
    let compared = 0;
    const largest = Math.max(...dVertices.map(Math.abs));
    for (let i = 0; i < vertices.length; i++) {
      const numeric = difference(vertices, i, (v) => loss(v, attributes));
      if (numeric === null) continue;
      compared += 1;
      const error = Math.abs(numeric - dVertices[i]!) / Math.max(Math.abs(numeric), Math.abs(dVertices[i]!), 1e-3 * largest);
      expect(error, `vertices[${i}] ${numeric} ${dVertices[i]}`).toBeLessThan(1e-6);
    }
    expect(compared).toBeGreaterThan(0.9 * vertices.length);
    for (let i = 0; i < attributes.length; i++) expect(difference(attributes, i, (a) => loss(vertices, a))).toBeCloseTo(dAttributes[i]!, 6);
    expect(dVertices.subarray(4 * (sizes.vertexCount - 1), 4 * sizes.vertexCount).every((x) => x === 0)).toBe(true);
  });
});
