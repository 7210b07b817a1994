import { HEAD_PARTS } from './head-half.ts';
import type { HeadSurface } from './head-surface.ts';
import { smoothstep } from './smoothstep.ts';
import { toHeadFrame } from './head-frame.ts';

/** Distance of (x, y) to a polyline, how far along it (0 to 1), and on which side (positive above for a line that runs to -x). */
export function alongLine(line: readonly (readonly [number, number])[], x: number, y: number): { distance: number; along: number; offset: number } {
  let best = { distance: Infinity, along: 0, offset: 0 };
  const lengths = line.slice(1).map(([bx, by], i) => Math.hypot(bx - line[i]![0], by - line[i]![1])), total = lengths.reduce((a, b) => a + b);
  let before = 0;
  lengths.forEach((length, i) => {
    const [ax, ay] = line[i]!, [bx, by] = line[i + 1]!, ux = (bx - ax) / length, uy = (by - ay) / length;
    const t = Math.min(length, Math.max(0, (x - ax) * ux + (y - ay) * uy)), dx = x - ax - t * ux, dy = y - ay - t * uy, distance = Math.hypot(dx, dy);
    if (distance < best.distance) best = { distance, along: (before + t) / total, offset: uy * dx - ux * dy >= 0 ? distance : -distance };
    before += length;
  });
  return best;
}

/** Line of the brows on the person's right side, from the nose outwards; the landmarks 21 to 17 lie along its upper edge. */
export const BROW_LINE = [[-8.5, 25.2], [-12, 26.6], [-22, 29.4], [-32, 31.3], [-41, 31.4], [-49, 29.2], [-56, 24.5]] as const;
/** Outline of the red of the lips on the person's right side, corner to middle: above and below. */
const LIP_TOP = [[-23, -49.4], [-15.5, -44.3], [-6.6, -40.7], [0, -42]] as const, LIP_BOTTOM = [[-23, -49.4], [-15.6, -55.2], [-6.8, -58.8], [0, -59.3]] as const;

/** Height of a polyline, whose x ascend, at x; that of the nearest end beyond them. */
export function heightAt(line: readonly (readonly [number, number])[], x: number): number {
  const found = line.findIndex((_, k) => k + 1 < line.length && x <= line[k + 1]![0]), i = found < 0 ? line.length - 2 : found;
  const [ax, ay] = line[i]!, [bx, by] = line[i + 1]!;
  return ay + (by - ay) * Math.min(1, Math.max(0, (x - ax) / (bx - ax)));
}

/** Edge of the jaw from the ear to the chin: z, y. */
const JAW_EDGE = [[-12, -40], [0, -53], [4, -58], [15, -63], [27, -71.5], [43, -82], [57, -91], [66, -92]] as const;

/** How much each vertex counts as face, `[V]`; see `HeadTopology.faceMask`. */
export function faceMask(surface: HeadSurface): Float32Array {
  const p = toHeadFrame(surface.mean), skin = HEAD_PARTS.indexOf('skin');
  return Float32Array.from(surface.part, (part, v) => {
    if (part !== skin) return 1;
    const x = Math.abs(p[3 * v]!), y = p[3 * v + 1]!, z = p[3 * v + 2]!;
    return smoothstep(84, 66, y + 0.004 * x * x) * smoothstep(-30, -16, z) * smoothstep(-9, -1, y - heightAt(JAW_EDGE, z));
  });
}

/** How much each vertex belongs to the red of the lips, `[V]` in [0, 1]. */
export function lipField(surface: HeadSurface): Float64Array {
  const p = toHeadFrame(surface.mean), skin = HEAD_PARTS.indexOf('skin');
  return Float64Array.from(surface.part, (part, v) => {
    const x = -Math.abs(p[3 * v]!), y = p[3 * v + 1]!, z = p[3 * v + 2]!;
    if (part !== skin || x < -24.5 || Math.abs(y + 50) > 13 || z < 55) return 0;
    return smoothstep(0.9, -0.9, y - heightAt(LIP_TOP, x)) * smoothstep(-0.9, 0.9, y - heightAt(LIP_BOTTOM, x));
  });
}
