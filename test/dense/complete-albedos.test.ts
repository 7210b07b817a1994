import { beforeAll, expect, it } from 'vitest';
import { ArgumentError } from '../../src/core/errors.ts';
import { createRandom } from '../../src/core/random.ts';
import { completeAlbedos } from '../../src/dense/complete-albedos.ts';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';

const HALF = 40, V = 2 * HALF, D = 3 * V, mirror = Int32Array.from({ length: V }, (_, v) => (v + HALF) % V), N = 90;
beforeAll(() => useCpuBackend());

/** Faces of three modes, two the same on both sides and one opposite, of which each is seen from one side. */
function faces() {
  const random = createRandom(4), even = (): Float64Array => { const half = Float64Array.from({ length: D / 2 }, () => random.normal()); return Float64Array.from({ length: D }, (_, i) => half[i % (D / 2)]!); };
  const odd = Float64Array.from({ length: D / 2 }, () => random.normal()), modes = [even(), even(), Float64Array.from({ length: D }, (_, i) => (i < D / 2 ? odd[i]! : -odd[i - D / 2]!))], mean = even().map((x) => 0.5 + 0.02 * x);
  const numbers = Array.from({ length: N }, () => modes.map(() => random.normal())), whole = numbers.map((z) => Float32Array.from(mean, (m, i) => m + modes.reduce((sum, mode, k) => sum + [0.06, 0.04, 0.02][k]! * z[k]! * mode[i]!, 0)));
  const weight = whole.map((_, n) => Float32Array.from({ length: V }, (__, v) => (n % 2 === 0 && v >= HALF ? 0 : 1)));
  return { mean, whole, weight };
}
const prior = { mean: new Float64Array(D).fill(0.4), components: Float32Array.from({ length: D }, () => 1 / Math.sqrt(D)), variances: Float64Array.of(4) };
const OPTIONS = { symmetric: 2, opposite: 1, oppositeShare: 1, robustRank: 2, rounds: 40 };

function rebuilt({ mean, modes, coefficients }: Awaited<ReturnType<typeof completeAlbedos>>, n: number): Float32Array {
  const K = modes.length / D;
  return mean.map((m, i) => Array.from({ length: K }, (_, k) => coefficients[n * K + k]! * modes[k * D + i]!).reduce((a, b) => a + b, m));
}
const distance = (a: Float32Array, b: Float32Array): number => Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length);
const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

it('fills in what is hidden, from the other side and from the other faces', async () => {
  const { whole, weight } = faces(), shown = whole.map((albedo, n) => ({ albedo: albedo.map((x, i) => (weight[n]![Math.floor(i / 3)]! > 0 ? x : 0)), weight: weight[n]! }));
  const found = await completeAlbedos(shown, prior, mirror, OPTIONS), off = whole.map((face, n) => distance(rebuilt(found, n), face));
  // The mean of the other faces is 0.07 off.
  expect(median(off.filter((_, n) => n % 2 === 1))).toBeLessThan(0.006);
  expect(median(off.filter((_, n) => n % 2 === 0))).toBeLessThan(0.015);
  expect([...found.opposite]).toEqual([0, 0, 1]);
  for (let i = 0; i < D; i++) {
    expect(found.mean[3 * mirror[Math.floor(i / 3)]! + i % 3]).toBeCloseTo(found.mean[i]!, 6);
    expect(found.modes[2 * D + 3 * mirror[Math.floor(i / 3)]! + i % 3]).toBeCloseTo(-found.modes[2 * D + i]!, 4);
  }
});

it('begins with what the other side shows', async () => {
  const { whole, weight } = faces(), shown = whole.map((albedo, n) => ({ albedo, weight: weight[n]! })), found = await completeAlbedos(shown, prior, mirror, { ...OPTIONS, rounds: 0 });
  // The sides differ by 0.03; the prior knows one tone for all, 0.07 off.
  expect(median(whole.flatMap((face, n) => (n % 2 === 0 ? [distance(rebuilt(found, n), face)] : [])))).toBeLessThan(0.03);
});

it('keeps what only some faces wear out of the mean and of the faces', async () => {
  const { whole } = faces(), worn = [3, 3 + HALF], ones = new Float32Array(V).fill(1);
  const shown = whole.map((albedo, n) => ({ albedo: n % 9 === 0 ? albedo.map((x, i) => (worn.includes(Math.floor(i / 3)) ? 0 : x)) : albedo, weight: ones }));
  const plain = shown.reduce((sum, { albedo }) => sum + albedo[9]! / N, 0), clean = whole.reduce((sum, face) => sum + (face[9]! + face[9 + D / 2]!) / (2 * N), 0), found = await completeAlbedos(shown, prior, mirror, OPTIONS);
  expect(Math.abs(plain - clean)).toBeGreaterThan(0.04);
  expect(Math.abs(found.mean[9]! - clean)).toBeLessThan(0.01);
  expect(median(whole.flatMap((_, n) => (n % 9 === 0 ? worn.map((v) => found.weights[n * V + v]!) : [])))).toBeLessThan(0.15);
  expect(median(whole.flatMap((_, n) => (n % 9 === 0 ? [] : worn.map((v) => found.weights[n * V + v]!))))).toBeGreaterThan(0.9);
});

it('halves the opposite part where it is asked to, and has numbers of variance one', async () => {
  const { whole } = faces(), ones = new Float32Array(V).fill(1), shown = whole.map((albedo) => ({ albedo, weight: ones }));
  const [all, half] = [await completeAlbedos(shown, prior, mirror, OPTIONS), await completeAlbedos(shown, prior, mirror, { ...OPTIONS, oppositeShare: 0.5 })];
  for (let i = 2 * D; i < 3 * D; i++) expect(half.modes[i]).toBeCloseTo(all.modes[i]! / 2, 6);
  for (let k = 0; k < 3; k++) expect(Array.from({ length: N }, (_, n) => all.coefficients[3 * n + k]! ** 2 / N).reduce((a, b) => a + b)).toBeCloseTo(1, 3);
});

it('names what does not fit', async () => {
  const { whole } = faces(), shown = whole.map((albedo) => ({ albedo, weight: new Float32Array(V) }));
  await expect(completeAlbedos(shown.slice(0, 2), prior, mirror, OPTIONS)).rejects.toThrow(/more faces than the 2 modes, got 2/);
  await expect(completeAlbedos([{ albedo: new Float32Array(3), weight: new Float32Array(1) }, ...shown], prior, mirror, OPTIONS)).rejects.toThrow(new RegExp(`${V} vertices each`));
  await expect(completeAlbedos(shown, prior, mirror, OPTIONS, { signal: AbortSignal.abort(new ArgumentError('x', 'y', 'z', 'w')) })).rejects.toThrow(ArgumentError);
});
