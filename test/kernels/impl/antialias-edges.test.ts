import { describe, expect, it } from 'vitest';
import { antialiasEdgesBackpropImageImpl, antialiasEdgesImpl } from '../../../src/kernels/impl/antialias-edges.ts';
import { walkSilhouettes } from '../../../src/kernels/impl/walk-silhouettes.ts';
import { checkSilhouetteGradients } from '../../../src/kernels/vectors/check-silhouettes.ts';
import {
  along, antialiased, clipGradient, directions, type Placement, plain, SILHOUETTE_CASES, supersampled, unmoved,
} from '../../../src/kernels/vectors/silhouette-cases.ts';
import { meshEdges } from '../../../src/mesh/mesh-edges.ts';
import { expectClose } from '../../support/close.ts';
import { normals } from '../../support/graphs.ts';
import { referenceFragments } from '../../support/raster.ts';

const length = (v: readonly number[]): number => Math.hypot(...v);

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('gradients through visibility, against central differences of 16 x 16 samples a pixel', () => {
  it.each(Object.keys(SILHOUETTE_CASES))('%s', (name) => {
    const checks = checkSilhouetteGradients([name]);
    expect(checks.map((check) => check.name)).toEqual(['translation', 'scale', 'rotation', 'vertices'].map((group) => `${name}.${group}`));
    for (const { name: group, relativeError, cosine } of checks) {
      expect(relativeError, group).toBeLessThan(0.1);
      expect(cosine, group).toBeGreaterThan(0.98);
    }
  });
});

describe('antialiased pictures', () => {
  it.each(Object.keys(SILHOUETTE_CASES))('%s: three times nearer to the supersampled one than without', (name) => {
    const test = SILHOUETTE_CASES[name]!, at = unmoved(test), target = supersampled(test, at), error = (image: Float64Array) => length([...image].map((x, i) => x - target[i]!));
    expect(error(antialiased(test, at))).toBeLessThan(error(plain(test, at)) / 3);
  });

  it.each(['triangle', 'sphere'])('a shifted %s finds its place', (name) => {
    const test = SILHOUETTE_CASES[name]!, target = supersampled(test, unmoved(test)), moves = directions(test).translation!.slice(0, 2);
    let at: Placement = { ...unmoved(test), shift: [0.3, -0.25, 0] };
    for (let k = 0; k < 60; k++) {
      const image = antialiased(test, at), gradient = clipGradient(test, at, image.map((x, i) => x - target[i]!));
      const slope = moves.map((move) => along(test, at, gradient, move));
      at = moves.reduce((now, move, i) => move(now, (-0.05 * 0.93 ** k * slope[i]!) / length(slope)), at);
    }
    expect(length([...at.shift])).toBeLessThan(0.01); // a tenth of a pixel; 4 pixels at first
  });
});

/** Silhouettes of `corners [V, 4]` on `size` x `size` pixels. */
function sceneOf(corners: number[][], index: number[], size: number) {
  const vertices = Float64Array.from(corners.flat()), faces = Int32Array.from(index), sizes = { batch: 1, vertexCount: corners.length, faceCount: index.length / 3, height: size, width: size, channels: 1 };
  return { scene: { vertices, faces, edges: meshEdges(faces), ...referenceFragments({ vertices, faces, sizes }) }, sizes };
}

/** Length of the visible silhouettes in pixels, by edge. */
function lengths(corners: number[][], index: number[], size: number): Record<string, number> {
  const { scene, sizes } = sceneOf(corners, index, size), out: Record<string, number> = {};
  walkSilhouettes(scene, sizes, ({ first, second, normalX, normalY }) => {
    const key = `${first / 4}-${second / 4}`;
    out[key] = (out[key] ?? 0) + Math.hypot(normalX, normalY);
  });
  return out;
}

const SQUARE = [[-0.53, -0.51, 0, 1], [0.49, -0.52, 0, 1], [0.52, 0.5, 0, 1], [-0.51, 0.47, 0, 1]], behind = (corners: number[][]) => corners.map(([x, y, , w]) => [x! + 0.3, y! + 0.21, 0.5, w!]);

describe('walkSilhouettes', () => {
  it('walks along the outline, not along the diagonal', () => {
    const found = lengths(SQUARE, [0, 1, 2, 0, 2, 3], 20);
    expect(Object.keys(found).sort()).toEqual(['0-1', '0-3', '1-2', '2-3']);
    expect(found['0-1']).toBeCloseTo(10 * Math.hypot(1.02, 0.01), 6);
  });

  it('leaves out what is hidden', () => {
    const found = lengths([...SQUARE, ...behind(SQUARE)], [0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7], 20);
    expect(found['0-1']).toBeCloseTo(10.2, 1);
    // Of the lower left corner of the square behind only the ends are seen: 0.79 - 0.51 across, 0.68 - 0.49 up.
    expect(found['4-5']).toBeLessThan(4);
    expect(found['4-7']).toBeLessThan(4);
    expect(found['5-6']).toBeGreaterThan(9);
  });

  it('finds none at a seam between vertices in the same place', () => {
    const corners = [SQUARE[0]!, SQUARE[1]!, SQUARE[2]!, SQUARE[0]!, SQUARE[2]!, SQUARE[3]!], found = lengths(corners, [0, 1, 2, 3, 4, 5], 20);
    for (const outline of ['0-1', '1-2', '3-5', '4-5']) expect(found[outline]).toBeGreaterThan(9);
    // But for the pixels at its ends, whose centres lie outside; there the two sides cancel.
    for (const seam of ['0-2', '3-4']) expect(found[seam]).toBeLessThan(1);
    expect(found['0-2']).toBeCloseTo(found['3-4']!, 1);
  });

  it('leaves out edges that reach behind the eye, and takes part of those that leave the image', () => {
    expect(lengths([[-0.5, -0.5, 0, 1], [0, -0.5, 0, -1], [0.5, -0.5, 0, 1]], [0, 1, 2], 20)).toEqual({ '0-2': expect.closeTo(10) });
    expect(lengths([[-3, 0.04, 0, 1], [3, 0.04, 0, 1], [0.1, 30, 0, 1]], [0, 1, 2], 20)['0-1']).toBeCloseTo(20);
  });
});

describe('antialiasEdgesImpl', () => {
  it('mixes by the area that a straight edge leaves of a pixel', () => {
    // A half-plane whose edge has slope 1 / 4 through the middle of a picture of 16 pixels.
    const { scene, sizes } = sceneOf([[-8, -2, 0, 1], [8, 2, 0, 1], [0, -60, 0, 1]], [0, 1, 2], 16), image = Float64Array.from(scene.faceIndex, (f) => Number(f >= 0)), out = new Float64Array(256).fill(NaN);
    antialiasEdgesImpl(image, scene, out, sizes);
    for (let p = 0; p < 256; p++) {
      let covered = 0;
      for (let s = 0; s < 4096; s++) covered += Number(Math.floor(p / 16) + (Math.floor(s / 64) + 0.5) / 64 - 8 >= -0.25 * ((p % 16) + ((s % 64) + 0.5) / 64 - 8)) / 4096;
      expect(out[p], `pixel ${p}`).toBeCloseTo(covered, 2);
    }
  });

  it('has its adjoint', () => {
    const { scene, sizes } = sceneOf([...SQUARE, ...behind(SQUARE)], [0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7], 20), image = normals(400, 1), dy = normals(400, 2), y = new Float64Array(400), dx = new Float64Array(400).fill(NaN);
    antialiasEdgesImpl(image, scene, y, sizes);
    antialiasEdgesBackpropImageImpl(dy, scene, dx, sizes);
    expectClose([dot(dx, image)], [dot(dy, y)], { rtol: 1e-12, atol: 0 });
  });
});
