import type { GlbWrap } from './glb-paint.ts';
import type { PixelImage } from './image.ts';
import { srgbToLinear } from '../core/srgb.ts';

const LINEAR = Float64Array.from({ length: 256 }, (_, level) => srgbToLinear(level / 255));

/**
 * The linear colour of an sRGB texture at (u, v), bilinear between pixel centres, (0, 0) at the corner of its top left pixel.
 *
 * Khronos Group, "glTF 2.0 Specification", section 3.8.
 */
export function sampleTexture({ width, height, channels, data }: PixelImage, u: number, v: number, [wrapU, wrapV]: readonly [GlbWrap, GlbWrap]): [number, number, number] {
  const x = u * width - 0.5, y = v * height - 0.5, left = Math.floor(x), top = Math.floor(y), fx = x - left, fy = y - top;
  const columns = [wrapIndex(left, width, wrapU), wrapIndex(left + 1, width, wrapU)], rows = [wrapIndex(top, height, wrapV), wrapIndex(top + 1, height, wrapV)];
  const at = (row: number, column: number, k: number): number => LINEAR[data[channels * (rows[row]! * width + columns[column]!) + k]!]!;
  const mix = (k: number): number => (1 - fy) * ((1 - fx) * at(0, 0, k) + fx * at(0, 1, k)) + fy * ((1 - fx) * at(1, 0, k) + fx * at(1, 1, k));
  return [mix(0), mix(1), mix(2)];
}

function wrapIndex(i: number, size: number, mode: GlbWrap): number {
  if (mode === 'clamp') return Math.min(size - 1, Math.max(0, i));
  const period = mode === 'mirror' ? 2 * size : size, rest = ((i % period) + period) % period;
  return rest < size ? rest : period - 1 - rest;
}
