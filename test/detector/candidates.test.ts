import { expect, it } from 'vitest';
import { type Candidates, joinCandidates, takeCandidates } from '../../src/detector/candidates.ts';

const list = (n: number, from: number): Candidates => ({
  boxes: Float32Array.from({ length: 4 * n }, (_, i) => from + i), scores: Float32Array.from({ length: n }, (_, i) => from / 64 + i / 8), landmarks: Float32Array.from({ length: 6 * n }, (_, i) => -from - i),
});

it('joins lists in their order, also empty ones', () => {
  const [a, b] = [list(2, 1), list(1, 30)];
  const joined = joinCandidates([a, list(0, 0), b]);
  expect(joined).toEqual({ boxes: Float32Array.of(...a.boxes, ...b.boxes), scores: Float32Array.of(...a.scores, ...b.scores), landmarks: Float32Array.of(...a.landmarks, ...b.landmarks) });
  expect(joinCandidates([]).scores.length).toBe(0);
});

it('takes rows in the order given', () => {
  const a = list(3, 1), b = takeCandidates(a, [2, 0]);
  expect(b.boxes).toEqual(Float32Array.of(...a.boxes.subarray(8), ...a.boxes.subarray(0, 4)));
  expect(b.landmarks).toEqual(Float32Array.of(...a.landmarks.subarray(12), ...a.landmarks.subarray(0, 6)));
  expect(b.scores).toEqual(Float32Array.of(a.scores[2]!, a.scores[0]!));
  expect(takeCandidates(list(0, 0), []).boxes.length).toBe(0);
});
