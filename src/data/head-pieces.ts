import { HEAD_PARTS } from './head-half.ts';
import type { RegisterableHead } from './head-registration.ts';

/** An eye: vertex indices, ascending. */
export interface EyePieces {
  readonly ball: Int32Array;
  /** The lid margins. */
  readonly lids: Int32Array;
  /** What lies behind the lids, two edges or more from their margins. */
  readonly socket: Int32Array;
}

/** The pieces of a head that have no place on a scanned face, and the rims that they hang on; vertex indices, ascending. */
export interface HeadPieces {
  /** All that is connected: skin, sockets and the cavity of the mouth. */
  readonly skin: Int32Array;
  /** The person's left eye (x > 0) first. */
  readonly eyes: readonly EyePieces[];
  readonly upperTeeth: Int32Array;
  readonly lowerTeeth: Int32Array;
  /** The inner edge of the lips. */
  readonly lips: Int32Array;
  /** Of the mouth's inside, what lies two edges or more from the lips. */
  readonly cavity: Int32Array;
}

/** Edges from the rim at which sockets and cavity begin. */
const RINGS = 2;

/** Sorts the vertices of a head into pieces. */
export function headPieces({ part, rim, reference, topology: { faces } }: RegisterableHead): HeadPieces {
  const all = [...part.keys()], kind = (v: number): string => HEAD_PARTS[part[v]!]!, pick = (test: (v: number) => boolean): Int32Array => Int32Array.from(all.filter(test));
  const eyesAt = Math.min(...all.filter((v) => kind(v) === 'eyeball').map((v) => reference[3 * v + 1]!)) - 5, left = (v: number): boolean => reference[3 * v]! > 0;
  let shallow = new Set(all.filter((v) => kind(v) === 'skin'));
  for (let ring = 1; ring < RINGS; ring++) shallow = withNeighbours(shallow, faces);
  return {
    skin: pick((v) => ['skin', 'socket', 'mouth'].includes(kind(v))),
    eyes: [true, false].map((side) => ({
      ball: pick((v) => kind(v) === 'eyeball' && left(v) === side), lids: pick((v) => rim[v] === 1 && reference[3 * v + 1]! > eyesAt && left(v) === side), socket: pick((v) => kind(v) === 'socket' && left(v) === side && !shallow.has(v)),
    })),
    upperTeeth: pick((v) => kind(v) === 'upper teeth'), lowerTeeth: pick((v) => kind(v) === 'lower teeth'), lips: pick((v) => rim[v] === 1 && reference[3 * v + 1]! < eyesAt), cavity: pick((v) => kind(v) === 'mouth' && !shallow.has(v)),
  };
}

function withNeighbours(vertices: ReadonlySet<number>, faces: Int32Array): Set<number> {
  const out = new Set(vertices);
  for (let f = 0; f < faces.length; f += 3) {
    const corners = [...faces.subarray(f, f + 3)];
    if (corners.some((v) => vertices.has(v))) corners.forEach((v) => out.add(v));
  }
  return out;
}
