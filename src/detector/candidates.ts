/** Faces that a network proposes, before those of one face are merged. N candidates, K landmarks, all in pixels. */
export interface Candidates {
  /** `[N, 4]`, x1, y1, x2, y2. */
  readonly boxes: Float32Array;
  /** `[N]` probability of the class face. */
  readonly scores: Float32Array;
  /** `[N, 2 K]`, x before y. */
  readonly landmarks: Float32Array;
}

/** Several lists in one, in their order. */
export function joinCandidates(lists: readonly Candidates[]): Candidates {
  if (lists.length === 1) return lists[0]!;
  const join = (arrays: readonly Float32Array[]): Float32Array => {
    const out = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      out.set(array, at);
      at += array.length;
    }
    return out;
  };
  return { boxes: join(lists.map((c) => c.boxes)), scores: join(lists.map((c) => c.scores)), landmarks: join(lists.map((c) => c.landmarks)) };
}

/** The candidates of `rows`, in that order. */
export function takeCandidates({ boxes, scores, landmarks }: Candidates, rows: ArrayLike<number>): Candidates {
  const size = scores.length > 0 ? landmarks.length / scores.length : 0;
  const out = { boxes: new Float32Array(4 * rows.length), scores: new Float32Array(rows.length), landmarks: new Float32Array(size * rows.length) };
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n]!;
    out.scores[n] = scores[row]!;
    for (let k = 0; k < 4; k++) out.boxes[4 * n + k] = boxes[4 * row + k]!;
    for (let k = 0; k < size; k++) out.landmarks[size * n + k] = landmarks[size * row + k]!;
  }
  return out;
}
