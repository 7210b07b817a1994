import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random.ts';
import { renderMeshImpl, type RenderScene } from '../../../src/kernels/impl/render-mesh.ts';
import { SPHERES_SETTINGS, spheresScene } from '../../support/render.ts';

const GROUPS = ['vertices', 'colors', 'cameras', 'lights'] as const;

/** Largest |a - n| / max(|a|, |n|, 1e-3 of the group's largest) over entries of `group`, on pixels that see the same face throughout. */
function worst(scene: RenderScene, space: 'srgb' | 'linear', group: typeof GROUPS[number], entries: number[], step: number): number {
  const settings = { ...SPHERES_SETTINGS, space }, random = createRandom(9), centre = renderMeshImpl(scene, settings);
  const weights = Float64Array.from(centre.image, () => random.normal());
  const variants = entries.flatMap((i) => [-2, -1, 1, 2].map((k) => {
    const values = Float64Array.from(scene[group]);
    values[i]! += k * step;
    return renderMeshImpl({ ...scene, [group]: values }, settings);
  }));
  // Pixels whose face changes in any of the renders lie on an edge: visibility is a constant of this gradient.
  for (const { faceIndex } of variants) faceIndex.forEach((f, p) => { if (f !== centre.faceIndex[p]) weights.fill(0, 3 * p, 3 * p + 3); });
  expect(weights.filter((w) => w !== 0).length).toBeGreaterThan(weights.length * 0.2);
  const loss = ({ image }: { image: Float64Array }): number => image.reduce((sum, x, i) => sum + x * weights[i]!, 0);
  const analytic = centre.gradient(weights)[group], largest = Math.max(...analytic.map(Math.abs));
  return Math.max(...entries.map((i, at) => {
    const [m2, m1, p1, p2] = variants.slice(4 * at, 4 * at + 4).map(loss) as [number, number, number, number];
    const numeric = (8 * (p1 - m1) - (p2 - m2)) / (12 * step), a = analytic[i]!;
    return Math.abs(a - numeric) / Math.max(Math.abs(a), Math.abs(numeric), 1e-3 * largest);
  }));
}

describe.each(['srgb', 'linear'] as const)('renderMeshImpl in the space %s: its gradient agrees with central differences in float64', (space) => {
  const scene = spheresScene();
  it('in the 2 x 8 numbers of the cameras', () => {
    // Fourth-order differences; focal length and roll are of order 1, positions of order 100.
    for (let i = 0; i < 16; i++) expect(worst(scene, space, 'cameras', [i], i % 8 < 6 ? 1e-2 : 1e-5), `camera ${i}`).toBeLessThan(1e-6);
  });
  it('in the 2 x 9 numbers of the lights', () => {
    for (let i = 0; i < 18; i++) expect(worst(scene, space, 'lights', [i], i % 9 < 3 ? 1 : 1e-3), `light ${i}`).toBeLessThan(1e-6);
  });
  it('in vertices', () => expect(worst(scene, space, 'vertices', Array.from({ length: 60 }, (_, i) => 16 * i + (i % 3)), 1e-3)).toBeLessThan(1e-6));
  it('in colours', () => expect(worst(scene, space, 'colors', Array.from({ length: 60 }, (_, i) => 16 * i + (i % 3)), 1e-3)).toBeLessThan(1e-6));
});

it('gives the same bits twice', () => {
  const [a, b] = [renderMeshImpl(spheresScene(), SPHERES_SETTINGS), renderMeshImpl(spheresScene(), SPHERES_SETTINGS)];
  expect(a.image).toEqual(b.image);
  expect(a.gradient(a.image)).toEqual(b.gradient(b.image));
});
