import { BROW_LINE, alongLine, heightAt, lipField } from './head-fields.ts';
import { toHeadFrame } from './head-frame.ts';
import { HEAD_PARTS, type HeadPart } from './head-half.ts';
import type { HeadSurface } from './head-surface.ts';
import { smoothstep } from './smoothstep.ts';

/** Where on the head what is painted, per vertex, from the mean head; so paint follows the flesh. */
export interface PaintFields {
  /** `[V, 3]` the mean head, mm. */
  readonly position: Float64Array;
  readonly part: readonly HeadPart[];
  readonly eyeAngle: Float64Array;
  /** Along the brow from the nose outwards, 0 to 1, and mm above its line; NaN far from it. */
  readonly browAlong: Float64Array;
  readonly browOffset: Float64Array;
  readonly lips: Float64Array;
  /** mm to the margin of the upper and lower lid. */
  readonly upperLid: Float64Array;
  readonly lowerLid: Float64Array;
  /** Beard, moustache, chin beard, scalp: mm inside their outlines (negative outside). */
  readonly beard: Float64Array;
  readonly scalp: Float64Array;
  readonly nostril: Float64Array;
}

/** Upper edge of a beard on the person's right side, ear to middle. */
const BEARD_TOP = [[-72, 5], [-64, -6], [-56, -28], [-42, -37], [-27, -40], [-20, -36], [-13, -31], [0, -30]] as const;

/**
 * Computes the fields once per topology.
 *
 * @param ear - `[V]` 1 on the ears.
 */
export function paintFields(surface: HeadSurface, ear: Uint8Array): PaintFields {
  const position = toHeadFrame(surface.mean), part = [...surface.part].map((code) => HEAD_PARTS[code]!), count = part.length;
  const field = (value: (x: number, y: number, z: number, v: number) => number): Float64Array => Float64Array.from({ length: count }, (_, v) => value(-Math.abs(position[3 * v]!), position[3 * v + 1]!, position[3 * v + 2]!, v));
  const lids = [...surface.rim.keys()].filter((v) => surface.rim[v] && position[3 * v]! < 0 && position[3 * v + 1]! > 0);
  const lidLine = (x: number): number => 16.7 + (14 - 16.7) * (x + 41.5) / 24.2; // between the corners of the eye
  const toLid = (above: boolean): Float64Array => {
    const own = lids.filter((v) => (position[3 * v + 1]! > lidLine(position[3 * v]!)) === above);
    return field((x, y, z) => Math.min(...own.map((v) => Math.hypot(x - position[3 * v]!, y - position[3 * v + 1]!, z - position[3 * v + 2]!))));
  };

  const brow = Array.from({ length: count }, (_, v) => {
    const x = -Math.abs(position[3 * v]!), y = position[3 * v + 1]!;
    return part[v] === 'skin' && position[3 * v + 2]! > 20 && y > 15 && y < 52 ? alongLine(BROW_LINE, x, y) : null;
  });
  return {
    position, part, eyeAngle: surface.eyeAngle, lips: lipField(surface), upperLid: toLid(true), lowerLid: toLid(false),
    browAlong: field((_x, _y, _z, v) => brow[v]?.along ?? NaN), browOffset: field((_x, _y, _z, v) => brow[v]?.offset ?? NaN),
    beard: field((x, y, z) => (z < -8 ? -20 : heightAt(BEARD_TOP, x) - y)),
    scalp: field((x, y, z, v) => {
      const top = y + 0.006 * x * x - 72, side = Math.min(-z - 5, (y + 8) / 2); // down before the ear to its middle, and behind it
      return ear[v] ? -30 : Math.max(top, side);
    }),
    nostril: field((x, y, z, v) => (part[v] === 'skin' ? smoothstep(5.2, 2.5, Math.hypot((x + 8) / 1.2, y + 22.5, (z - 69) / 1.5)) : 0)),
  };
}
