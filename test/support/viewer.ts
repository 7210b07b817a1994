import { execFileSync } from 'node:child_process';
import { icosphere } from './meshes.ts';

/** Builds the viewer page from the sources as they are now, as `npm run build:viewer` does. */
export const buildViewer = (): void => { execFileSync(process.execPath, ['src/viewer/build.mjs'], { stdio: 'pipe' }); };

/** An egg of 642 vertices, 80 mm wide and 120 high, off the origin, coloured by place. */
export function colouredEgg() {
  const { vertices, faces } = icosphere(3), scale = [80, 120, 90], offset = [6, -10, 15];
  return {
    vertices: Float32Array.from(vertices, (x, i) => x * scale[i % 3]! + offset[i % 3]!), faces,
    colors: Float32Array.from(vertices, (x, i) => 0.5 + 0.35 * Math.sin(3 * x + i % 3) + 0.1 * x),
  };
}
