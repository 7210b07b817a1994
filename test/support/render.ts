import { createRandom } from '../../src/core/random.ts';
import type { RenderScene, RenderSettings } from '../../src/kernels/impl/render-mesh.ts';
import { icosphere } from './meshes.ts';

/** Two bumpy coloured spheres under two cameras and lights; the last vertex is isolated. */
export function spheresScene(seed = 3, depth = 2): RenderScene {
  const { vertices: unit, faces } = icosphere(depth), V = unit.length / 3 + 1, random = createRandom(seed), batch = 2;
  const vertices = new Float64Array(3 * V * batch), colors = new Float64Array(3 * V * batch);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < 3 * V; i++) {
      vertices[3 * V * b + i] = i < unit.length ? unit[i]! * [70, 95, 80][i % 3]! * (1 + 0.05 * random.normal()) : 5;
      colors[3 * V * b + i] = random.uniform(0.1, 0.9);
    }
  }
  const cameras = Float64Array.from([260, 90, 900, 3, -8, 12, 8, 0.2, -300, -120, 700, -6, 4, -9, 6.5, -0.35]);
  const lights = Float64Array.from([300, 700, 1500, 0.5, 0.45, 0.4, 0.35, 0.3, 0.4, -900, 200, 700, 0.3, 0.6, 0.5, 0.2, 0.25, 0.3]);
  return { vertices, colors, faces, cameras, lights };
}

export const SPHERES_SETTINGS: RenderSettings = { height: 26, width: 34, near: 10, far: 10_000, space: 'srgb' };
