import { renderMeshImpl, type Rendering, type RenderScene } from '../impl/render-mesh.ts';
import type { ShadingSpace } from '../impl/shade-fragments.ts';
import { largestOf, relativeError } from './relative-error.ts';
import { SCENE_NUMBERS, VECTOR_RENDER, vectorResidual, vectorScene } from './render-scene.ts';

/** How far a gradient is off. */
export interface GradientCheck {
  /** `camera.eye.x` ... `mesh.colors`. */
  readonly name: string;
  readonly maxRelativeError: number;
}

/** Steps of the differences: positions of order 100 mm, angles and colours of order 1. */
const STEPS: Record<string, number> = { 'camera.eye': 1e-2, 'camera.lookAt': 1e-2, 'illumination.lightPosition': 1, 'illumination.lightColor': 1e-3, 'illumination.ambientColor': 1e-3, mesh: 1e-3 };

/** Every so many entries of vertices and colours are moved. */
const STRIDE = 41;

/**
 * The gradient of the float64 reference of the whole render against its central differences of fourth order, for each of the 7 + 1 + 9 numbers
 * and for vertices and colours. Pixels that see another face at one of the steps are left out: visibility is a constant of this gradient.
 */
export function checkReferenceGradient(space: ShadingSpace = 'srgb', seed = 0): GradientCheck[] {
  const scene = vectorScene(seed), V = scene.vertices.length / 6;
  const entriesOf = (rows: number, column: number): number[] => [column, rows + column];
  const numbers = SCENE_NUMBERS.map(({ name, array, column, group }) => ({ name, array, group, entries: entriesOf(array === 'cameras' ? 8 : 9, column) }));
  const sampled = (array: 'vertices' | 'colors') => ({ name: `mesh.${array}`, array, group: `mesh.${array}`, entries: Array.from({ length: Math.floor((6 * V) / STRIDE) }, (_, i) => i * STRIDE) });
  const found = [...numbers, sampled('vertices'), sampled('colors')].map(({ name, array, group, entries }) => {
    const pairs = entries.map((entry) => differences(scene, space, array, entry, STEPS[group] ?? STEPS[group.split('.')[0]!] ?? 1e-5));
    return { name, group, pairs };
  });
  return found.map(({ name, group, pairs }) => {
    const largest = largestOf(found.filter((other) => other.group === group).flatMap((other) => other.pairs.map(({ numeric }) => numeric)));
    return { name, maxRelativeError: relativeError(pairs.map(({ analytic }) => analytic), pairs.map(({ numeric }) => numeric), largest) };
  });
}

function differences(scene: RenderScene, space: ShadingSpace, array: 'vertices' | 'colors' | 'cameras' | 'lights', entry: number, step: number): { analytic: number; numeric: number } {
  const settings = { ...VECTOR_RENDER, space }, centre = renderMeshImpl(scene, settings), weights = vectorResidual(centre.image);
  const at = (k: number): Rendering => renderMeshImpl({ ...scene, [array]: Float64Array.from(scene[array], (x, i) => (i === entry ? x + k * step : x)) }, settings);
  const steps = [at(-2), at(-1), at(1), at(2)];
  for (const { faceIndex } of steps) faceIndex.forEach((f, p) => { if (f !== centre.faceIndex[p]) weights.fill(0, 3 * p, 3 * p + 3); });
  const [m2, m1, p1, p2] = steps.map(({ image }) => image.reduce((sum, x, i) => sum + x * weights[i]!, 0)) as [number, number, number, number];
  return { analytic: centre.gradient(weights)[array][entry]!, numeric: (8 * (p1 - m1) - (p2 - m2)) / (12 * step) };
}
