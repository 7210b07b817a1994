import { HEAD_PARTS } from './head-half.ts';
import type { RegisterableHead } from './head-registration.ts';

/** The pieces of a head that are not its one connected skin, and the rims that they hang on; vertex indices, ascending. */
export interface HeadPieces {
  /** Skin with the sockets and the cavity of the mouth. */
  readonly skin: Int32Array;
  /** The person's left eye (x > 0) first, with the lid margins around it. */
  readonly eyes: readonly { readonly ball: Int32Array; readonly lids: Int32Array }[];
  readonly upperTeeth: Int32Array;
  readonly lowerTeeth: Int32Array;
  /** The inner edge of the lips. */
  readonly lips: Int32Array;
}

/** Sorts the vertices of a head into pieces. */
export function headPieces({ part, rim, reference }: RegisterableHead): HeadPieces {
  const all = [...part.keys()], kind = (v: number): string => HEAD_PARTS[part[v]!]!, pick = (test: (v: number) => boolean): Int32Array => Int32Array.from(all.filter(test));
  const eyesAt = Math.min(...all.filter((v) => kind(v) === 'eyeball').map((v) => reference[3 * v + 1]!)) - 5;
  return {
    skin: pick((v) => ['skin', 'socket', 'mouth'].includes(kind(v))),
    eyes: [1, -1].map((side) => ({
      ball: pick((v) => kind(v) === 'eyeball' && side * reference[3 * v]! > 0), lids: pick((v) => rim[v] === 1 && reference[3 * v + 1]! > eyesAt && side * reference[3 * v]! > 0),
    })),
    upperTeeth: pick((v) => kind(v) === 'upper teeth'), lowerTeeth: pick((v) => kind(v) === 'lower teeth'), lips: pick((v) => rim[v] === 1 && reference[3 * v + 1]! < eyesAt),
  };
}
