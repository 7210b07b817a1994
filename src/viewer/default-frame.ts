import type { IlluminationNumbers } from '../dense/scene.ts';
import type { ViewFrame } from './view-data.ts';

/** Light that shows a head as it is: above and a little to the side, and as much from everywhere. */
export const STUDIO_LIGHT: IlluminationNumbers = { lightPosition: [350, 500, 1300], lightColor: [0.55, 0.55, 0.55], ambientColor: [0.5, 0.5, 0.5] };

const SIZE = 512, DISTANCE = 1200, MARGIN = 1.12;

/**
 * A camera of the page's own: 1.2 m before the middle of a mesh, which fills a square of 512 pixels.
 *
 * @param vertices - `[V, 3]`, mm.
 */
export function defaultFrame(vertices: ArrayLike<number>): ViewFrame {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, vertices[i]!);
    high[i % 3] = Math.max(high[i % 3]!, vertices[i]!);
  }
  const [x, y, z] = low.map((value, k) => (value + high[k]!) / 2) as [number, number, number], edge = MARGIN * Math.max(high[0]! - low[0]!, high[1]! - low[1]!, 1);
  const focal = (SIZE * (DISTANCE - (high[2]! - low[2]!) / 4)) / edge, depth = z + DISTANCE, half = SIZE / 2;
  return {
    size: SIZE, cropToPhoto: [[1, 0, 0], [0, 1, 0]],
    projection: [[focal, 0, -half, half * depth - focal * x], [0, -focal, -half, half * depth + focal * y], [0, 0, -1, depth]],
  };
}
