import { ArgumentError } from '../core/errors.ts';
import { encodeBoxes, encodeLandmarks, type Variances } from './box-coding.ts';
import type { FaceTarget } from './face-target.ts';
import { matchAnchors, type MatchOptions } from './match-anchors.ts';

/** What the anchors of one picture are to say. A anchors, P positive ones, K landmarks. No number is NaN or infinite, whatever the faces. */
export interface AnchorTargets {
  /** `[A]`: index of the face that an anchor is to find, `BACKGROUND` or `IGNORED` of `detector/match-anchors.ts`. */
  readonly face: Int32Array;
  /** `[P]`: the anchors with a face, ascending. */
  readonly positives: Int32Array;
  /** `[P, 4]`, encoded. */
  readonly boxDeltas: Float32Array;
  /** `[P, 2 K]`, encoded, x before y; 0 where a landmark is unknown. */
  readonly landmarkDeltas: Float32Array;
  /** `[P, K]`: 1 where a landmark is known, otherwise 0. */
  readonly landmarkWeights: Float32Array;
}

/** What {@link assignTargets} must know of the detector. */
export interface TargetOptions {
  readonly variances: Variances;
  /** K. */
  readonly landmarks: number;
  readonly matching?: Partial<MatchOptions>;
}

/**
 * Matches the anchors of a picture to its faces and encodes what each matched one is to say.
 *
 * @param anchors - `[A, 4]`: centre x, centre y, width, height.
 * @param faces - None, one or many; those without area are passed over.
 * @throws {@link ArgumentError} if a box or a point is not finite, a box reversed, or a face has another count of landmarks.
 */
export function assignTargets(anchors: Float32Array, faces: readonly FaceTarget[], { variances, landmarks: K, matching }: TargetOptions): AnchorTargets {
  const face = matchAnchors(anchors, faces.map(({ box }) => box), matching);
  faces.forEach(({ landmarks }, i) => assertLandmarks(landmarks, K, i));
  const positives = Array.from(face.keys()).filter((a) => face[a]! >= 0);
  const rows = Float32Array.from(positives.flatMap((a) => Array.from(anchors.subarray(4 * a, 4 * a + 4)))), found = positives.map((a) => faces[face[a]!]!);
  const points = found.flatMap(({ landmarks }) => landmarks ?? new Array<null>(K).fill(null)), known = points.map((p) => p !== null);
  // An unknown point stands nowhere; its place is taken by the anchor's centre, which is encoded as 0.
  const places = points.flatMap((p, i) => p ?? [rows[4 * Math.floor(i / K)]!, rows[4 * Math.floor(i / K) + 1]!]);
  return {
    face, positives: Int32Array.from(positives), boxDeltas: encodeBoxes(found.flatMap(({ box }) => [...box]), rows, variances),
    landmarkDeltas: encodeLandmarks(places, rows, variances), landmarkWeights: Float32Array.from(known, Number),
  };
}

function assertLandmarks(landmarks: FaceTarget['landmarks'], K: number, i: number): void {
  if (landmarks === null) return;
  if (landmarks.length !== K) throw new ArgumentError('assignTargets', `the landmarks of face ${i}`, `${K} points`, String(landmarks.length));
  for (const point of landmarks) if (point && !point.every(Number.isFinite)) throw new ArgumentError('assignTargets', `a landmark of face ${i}`, 'two finite numbers, or null', `[${point}]`);
}
