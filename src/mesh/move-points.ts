import type { Similarity } from './align-points.ts';

/** Points under a similarity, `scale R (x - from) + to`. */
export function movePoints(points: ArrayLike<number>, { scale, rotation: R, from, to }: Similarity): Float64Array<ArrayBuffer> {
  const out = new Float64Array(points.length);
  for (let i = 0; i < out.length; i += 3) {
    const x = points[i]! - from[0]!, y = points[i + 1]! - from[1]!, z = points[i + 2]! - from[2]!;
    for (let k = 0; k < 3; k++) out[i + k] = scale * (R[3 * k]! * x + R[3 * k + 1]! * y + R[3 * k + 2]! * z) + to[k]!;
  }
  return out;
}

/** The similarity that undoes another. */
export function invertSimilarity({ scale, rotation: R, from, to }: Similarity): Similarity {
  return { scale: 1 / scale, rotation: [R[0]!, R[3]!, R[6]!, R[1]!, R[4]!, R[7]!, R[2]!, R[5]!, R[8]!], from: to, to: from };
}
