import { BROW_LINE, alongLine, faceMask, lipField } from './head-fields.ts';
import { toHeadFrame } from './head-frame.ts';
import { headLandmarks } from './head-landmarks.ts';
import { HEAD_PARTS } from './head-half.ts';
import type { HeadSurface } from './head-surface.ts';
import { HEAD_REGIONS, type HeadTopology } from './head-topology.ts';

/** Marks of vertices, `[V]` 0 or 1, that morphs tell better than places do. */
export interface HeadMarks {
  /** Where the opening mouth leaves a vertex in place. */
  readonly upperLip: Uint8Array;
  /** What moves when the ears are spread. */
  readonly ear: Uint8Array;
}

/** From 4 mm below to 5.5 mm above the line of the brow. */
function isBrow(x: number, y: number): boolean {
  const { distance, offset } = alongLine(BROW_LINE, x, y);
  return distance < (offset > 0 ? 5.5 : 4);
}

/** What all heads on the surface share. */
export function buildHeadTopology(surface: HeadSurface, { upperLip, ear }: HeadMarks): HeadTopology {
  const p = toHeadFrame(surface.mean), lips = lipField(surface), region = new Uint8Array(surface.part.length);
  surface.part.forEach((code, v) => {
    const part = HEAD_PARTS[code]!, x = -Math.abs(p[3 * v]!), y = p[3 * v + 1]!, z = p[3 * v + 2]!;
    let name: (typeof HEAD_REGIONS)[number] = 'skin';
    if (part === 'eyeball' || part === 'socket') name = 'eye';
    else if (part !== 'skin') name = 'mouth';
    else if (lips[v]! > 0.5) name = 'lips';
    else if (ear[v]) name = 'ear';
    else if (z > 20 && isBrow(x, y)) name = 'brow';
    region[v] = HEAD_REGIONS.indexOf(name);
  });
  return { faces: surface.faces, faceMask: faceMask(surface).map((w, v) => (ear[v] ? 0 : w)), region, mirror: surface.mirror, ...headLandmarks(surface, upperLip) };
}
