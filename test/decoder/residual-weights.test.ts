import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { residualWeights } from '../../src/decoder/residual-weights.ts';

const V = 4, N = 500, random = createRandom(3);
// One component moves all vertices alike; vertex v has noise of its own of deviation v / 10.
const rows = Float32Array.from({ length: N * 3 * V });
for (let n = 0; n < N; n++) {
  const shared = random.normal();
  for (let i = 0; i < 3 * V; i++) rows[n * 3 * V + i] = shared + Math.floor(i / 3) / 10 * random.normal();
}
const samples = { count: N, vertexCount: V, vertices: rows, colors: rows };
const along = Array.from({ length: N }, (_, n) => rows.subarray(n * 3 * V, (n + 1) * 3 * V).reduce((s, x) => s + x, 0) / Math.sqrt(3 * V));
const component = { components: new Float32Array(3 * V).fill(1 / Math.sqrt(3 * V)), variances: new Float64Array([along.reduce((s, x) => s + x * x / N, 0)]), mean: new Float64Array(3 * V), total: 3 * V };

it('weights fall with what the components leave, 1 on average, 1 each for power 0', () => {
  const { weight, total } = residualWeights(samples, 'vertices', component, 1, 1);
  expect(weight.reduce((a, b) => a + b) / V).toBeCloseTo(1, 6);
  expect(weight[1]! / weight[3]!).toBeGreaterThan(2);
  expect(weight[1]! / weight[3]!).toBeLessThan(3.2);
  const alike = residualWeights(samples, 'vertices', component, 1, 0), sum = rows.reduce((s, x) => s + x * x / N, 0);
  for (const w of alike.weight) expect(w).toBe(1);
  expect(alike.total).toBeCloseTo(sum, 3);
  expect(total).toBeLessThan(sum);
});

it('without components taken off, what moves alike weighs nearly alike', () => {
  const { weight } = residualWeights(samples, 'colors', component, 0, 1);
  for (const w of weight) expect(Math.abs(w - 1)).toBeLessThan(0.05);
});
