import { describe, expect, it } from 'vitest';
import { type MultiTaskArrays, multiTaskLossImpl, type MultiTaskNumbers } from '../../../src/kernels/impl/multi-task-loss.ts';
import { expectClose } from '../../support/close.ts';
import { normals } from '../../support/graphs.ts';

const N = 9, K = 3, WEIGHTS = { classification: 1.3, box: 0.25, landmarks: 0.7 };

function arrays(labels: readonly number[]): MultiTaskArrays {
  const known = Float64Array.from({ length: N * K }, (_, i) => (i % 5 === 0 || Math.floor(i / K) === 1 ? 0 : 1));
  return {
    logits: normals(2 * N, 1), boxDeltas: normals(4 * N, 2), landmarkDeltas: normals(2 * K * N, 3), labels,
    boxTargets: normals(4 * N, 4), landmarkTargets: normals(2 * K * N, 5), landmarkWeights: known,
  };
}

const LABELS = [1, 1, 0, -1, 0, 1, 0, -1, 0];
const gradientsOf = (): Pick<MultiTaskArrays, 'logits' | 'boxDeltas' | 'landmarkDeltas'> => ({ logits: new Float64Array(2 * N).fill(NaN), boxDeltas: new Float64Array(4 * N).fill(NaN), landmarkDeltas: new Float64Array(2 * K * N).fill(NaN) });
const weighted = (parts: MultiTaskNumbers): number => Object.entries(WEIGHTS).reduce((sum, [name, w]) => sum + w * parts[name as keyof MultiTaskNumbers], 0);

/** The same by other means: sums over lists, softmax as a quotient. */
function plain({ logits, boxDeltas, landmarkDeltas, labels, boxTargets, landmarkTargets, landmarkWeights }: MultiTaskArrays, beta: number): MultiTaskNumbers {
  const all = Array.from(labels), faces = [...all.keys()].filter((n) => all[n] === 1), P = faces.length || 1, sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
  const robust = (x: number): number => (Math.abs(x) < beta ? (0.5 / beta) * x ** 2 : Math.abs(x) - 0.5 * beta), row = (x: ArrayLike<number>, n: number, size: number): number[] => Array.from(x).slice(n * size, (n + 1) * size);
  const labelled = faces.filter((n) => sum(row(landmarkWeights, n, K)) > 0);
  const exp = (n: number, c: number): number => Math.exp(logits[2 * n + c]!);
  return {
    classification: sum([...all.keys()].filter((n) => all[n]! >= 0).map((n) => -Math.log(exp(n, all[n]!) / (exp(n, 0) + exp(n, 1))))) / P,
    box: sum(faces.flatMap((n) => row(boxDeltas, n, 4).map((x, i) => robust(x - boxTargets[4 * n + i]!)))) / P,
    landmarks: sum(labelled.flatMap((n) => row(landmarkDeltas, n, 2 * K).map((x, i) => landmarkWeights[K * n + Math.floor(i / 2)]! * robust(x - landmarkTargets[2 * K * n + i]!)))) / (labelled.length || 1),
  };
}

describe.each([['beta 1', 1], ['sigma 3', 1 / 9]])('multiTaskLossImpl with %s', (_, beta) => {
  it.each([['faces and background', LABELS], ['no face', LABELS.map((l) => Math.min(l, 0))], ['nothing chosen', LABELS.map(() => -1)]])('is the sum of its parts, with its gradient: %s', (__, labels) => {
    const at = arrays(labels), gradient = gradientsOf(), parts = multiTaskLossImpl(at, WEIGHTS, beta, gradient), expected = plain(at, beta);
    for (const name of ['classification', 'box', 'landmarks'] as const) expectClose([parts[name]], [expected[name]], { rtol: 1e-10, atol: 1e-14 });
    for (const name of ['logits', 'boxDeltas', 'landmarkDeltas'] as const) {
      const step = 1e-6, numeric = Array.from(at[name], (x, i) => {
        const value = (to: number): number => weighted(plain({ ...at, [name]: Object.assign(at[name].slice(), { [i]: to }) }, beta));
        return (value(x + step) - value(x - step)) / (2 * step);
      });
      expectClose(gradient[name], numeric, { rtol: 1e-6, atol: 1e-8 });
    }
  });

  it('has the gradient of each number to 1e-10, in closed form', () => {
    const at = arrays(LABELS), { logits, boxDeltas, boxTargets, labels } = at, gradient = gradientsOf();
    multiTaskLossImpl(at, WEIGHTS, beta, gradient);
    const p = (n: number): number => 1 / (1 + Math.exp(logits[2 * n]! - logits[2 * n + 1]!));
    expectClose(gradient.logits, Array.from({ length: 2 * N }, (___, i) => (labels[i >> 1]! < 0 ? 0 : ((WEIGHTS.classification / 3) * (i % 2 ? 1 : -1) * (p(i >> 1) - labels[i >> 1]!)))), { rtol: 1e-10, atol: 1e-14 });
    expectClose(gradient.boxDeltas, Array.from(boxDeltas, (x, i) => (labels[i >> 2] === 1 ? (WEIGHTS.box / 3) * Math.max(-1, Math.min(1, (x - boxTargets[i]!) / beta)) : 0)), { rtol: 1e-10, atol: 1e-14 });
    // Face 1 has no known point: two are labelled.
    expectClose(gradient.landmarkDeltas, Array.from(at.landmarkDeltas, (x, i) => (labels[Math.floor(i / 6)] === 1 ? (WEIGHTS.landmarks / 2) * at.landmarkWeights[i >> 1]! * Math.max(-1, Math.min(1, (x - at.landmarkTargets[i]!) / beta)) : 0)), { rtol: 1e-10, atol: 1e-14 });
    expect(gradient.landmarkDeltas.filter((g) => g !== 0).length).toBeGreaterThan(5);
  });
});
