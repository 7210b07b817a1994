import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import type { WorkHooks } from '../decoder/head-samples.ts';
import type { PartComponents } from '../decoder/pca-baseline.ts';
import { type PrincipalComponents, principalComponents } from '../decoder/principal-components.ts';
import { Cholesky } from '../sparse/cholesky.ts';
import type { PhotoAlbedo } from './photo-albedo.ts';

/** Options of {@link completeAlbedos}. */
export interface CompleteAlbedosOptions {
  /** Modes kept of the part that is the same on both sides, and of the part that is opposite. */
  readonly symmetric: number;
  readonly opposite: number;
  /** What of the opposite part is kept: much of it is light that one lamp and an ambient one do not explain. */
  readonly oppositeShare: number;
  /** Rounds of filling and of weighing, and how many modes explain a face in them: few, so that glasses and hair are not among them. */
  readonly rounds: number;
  readonly robustRank: number;
  /** Differences from those modes at which a vertex has a quarter of its weight: medians of a face's differences, and at least this much (RGB length). */
  readonly spread: number;
  readonly tolerance: number;
  /** What a vertex on the other side counts where this one was not seen. */
  readonly mirrored: number;
  /** From this weight on a vertex is taken as it is, below it is filled in by so much: what is half believed must not come out half as strong. */
  readonly whole: number;
}

export const COMPLETE_ALBEDOS_DEFAULTS: CompleteAlbedosOptions = { symmetric: 80, opposite: 24, oppositeShare: 0.15, rounds: 8, robustRank: 40, spread: 3, tolerance: 0.1, mirrored: 0.5, whole: 0.3 };

/** Complete albedos of many faces as modes. */
export interface AlbedoModes {
  /** `[3V]`, sRGB, the same on both sides. */
  readonly mean: Float32Array;
  /** `[K, 3V]`: each times a standard normal number; symmetric ones first, most variance first within both kinds. */
  readonly modes: Float32Array;
  /** `[N, K]`: of the faces given; mean zero, variance one. */
  readonly coefficients: Float32Array;
  /** `[K]` 1 for a mode that is its own negative on the other side of the face, 0 for one that is the same there. */
  readonly opposite: Uint8Array;
  /** `[N, V]` in [0, 1]: what was believed of each face in the end. */
  readonly weights: Float32Array;
}

/**
 * Completes albedos that photographs show in part, and finds how they vary.
 *
 * 1. What one side hides is taken from the other, at less weight; the rest from the `prior`, whose modes are fitted to what is known.
 * 2. Each round finds the principal components of all complete albedos, looks how far each face is from the leading ones, weighs its vertices by that
 *    (Geman-McClure, so that glasses, hair and highlights count little), and fills in again what is not believed: expectation and maximisation of a weighted
 *    low-rank approximation (Srebro and Jaakkola, "Weighted low-rank approximations", ICML 2003).
 * 3. The components of the parts that are the same and opposite on both sides are those of the faces and their mirror images together: no side is preferred.
 *
 * @param prior - Colours of whole heads: mean and modes.
 * @param mirror - `[V]` the vertex on the other side.
 * @throws {@link ArgumentError} for fewer faces than modes, or of another size; the signal's reason.
 */
export async function completeAlbedos(faces: readonly Pick<PhotoAlbedo, 'albedo' | 'weight'>[], prior: Pick<PartComponents, 'mean' | 'components' | 'variances'>, mirror: Int32Array, given?: Partial<CompleteAlbedosOptions>, hooks: WorkHooks = {}): Promise<AlbedoModes> {
  const where = 'completeAlbedos', options = resolveOptions(where, COMPLETE_ALBEDOS_DEFAULTS, given), { symmetric, opposite, rounds, robustRank, spread, tolerance, mirrored, oppositeShare, whole } = options, N = faces.length, V = mirror.length, D = 3 * V;
  if (N <= Math.max(symmetric, opposite)) throw new ArgumentError(where, 'faces', `more faces than the ${Math.max(symmetric, opposite)} modes`, `${N}`);
  for (const { albedo, weight } of faces) if (albedo.length !== D || weight.length !== V) throw new ArgumentError(where, 'faces', `${V} vertices each`, `${weight.length}`);
  const known = new Float32Array(N * D), weights = new Float32Array(N * V), filled = new Float32Array(N * D), fillPrior = priorFill(prior, V), began = performance.now();
  faces.forEach(({ albedo, weight }, n) => {
    for (let v = 0; v < V; v++) {
      const m = mirror[v]!, own = weight[v]!, other = mirrored * weight[m]! * (1 - own), sum = own + other;
      weights[n * V + v] = sum;
      for (let k = 0; k < 3; k++) known[n * D + 3 * v + k] = sum > 0 ? (own * albedo[3 * v + k]! + other * albedo[3 * m + k]!) / sum : 0;
    }
    const row = known.subarray(n * D, (n + 1) * D), own = weights.subarray(n * V, (n + 1) * V), rest = fillPrior(row, own);
    for (let i = 0; i < D; i++) filled[n * D + i] = blend(row[i]!, rest[i]!, Math.min(1, own[Math.floor(i / 3)]! / whole));
  });
  const believed = weights.slice();
  for (let round = 0; round < rounds; round++) {
    hooks.signal?.throwIfAborted();
    hooks.onProgress?.({ label: 'complete albedos', done: round, total: rounds + 1, seconds: (performance.now() - began) / 1000 });
    const { predict } = await findModes(filled, N, mirror, Math.min(robustRank, N - 1), Math.min(Math.ceil(robustRank / 3), N - 1), hooks);
    for (let n = 0; n < N; n++) {
      const guess = predict(n), row = known.subarray(n * D, (n + 1) * D), base = weights.subarray(n * V, (n + 1) * V);
      const off = Float64Array.from({ length: V }, (_, v) => Math.hypot(row[3 * v]! - guess[3 * v]!, row[3 * v + 1]! - guess[3 * v + 1]!, row[3 * v + 2]! - guess[3 * v + 2]!));
      const seen = off.filter((_, v) => base[v]! > 0.1).sort(), scale = Math.max(tolerance, spread * (seen[seen.length >> 1] ?? 0));
      for (let v = 0; v < V; v++) {
        const w = Math.min(1, base[v]! / (1 + (off[v]! / scale) ** 2) ** 2 / whole);
        believed[n * V + v] = w;
        for (let k = 0; k < 3; k++) filled[n * D + 3 * v + k] = blend(row[3 * v + k]!, guess[3 * v + k]!, w);
      }
    }
  }
  const { mean, parts } = await findModes(filled, N, mirror, symmetric, opposite, hooks), K = symmetric + opposite, modes = new Float32Array(K * D), coefficients = new Float32Array(N * K);
  parts.forEach(({ components: { components, variances }, rows }, part) => {
    const first = part * symmetric;
    variances.forEach((variance, r) => {
      const deviation = Math.sqrt(Math.max(variance, 1e-12)), component = components.subarray(r * D, (r + 1) * D);
      for (let i = 0; i < D; i++) modes[(first + r) * D + i] = component[i]! * deviation * (part === 1 ? oppositeShare : 1);
      for (let n = 0; n < N; n++) coefficients[n * K + first + r] = dot(component, rows(n, 1)) / deviation;
    });
  });
  return { mean: Float32Array.from(mean), modes, coefficients, weights: believed, opposite: Uint8Array.from({ length: K }, (_, k) => Number(k >= symmetric)) };
}

const blend = (own: number, other: number, weight: number): number => weight * own + (1 - weight) * other;

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** Modes of the even and odd parts of complete albedos about their symmetric mean, and what they say of a face. */
async function findModes(filled: Float32Array, N: number, mirror: Int32Array, symmetric: number, opposite: number, hooks: WorkHooks): Promise<{
  mean: Float64Array; parts: { components: PrincipalComponents; rows: (first: number, count: number) => Float32Array }[]; predict: (n: number) => Float32Array;
}> {
  const D = 3 * mirror.length, mean = new Float64Array(D), across = (i: number): number => 3 * mirror[Math.floor(i / 3)]! + i % 3;
  for (let n = 0; n < N; n++) for (let i = 0; i < D; i++) mean[i]! += (filled[n * D + i]! + filled[n * D + across(i)]!) / (2 * N);
  const rowsOf = (sign: 1 | -1) => (first: number, count: number): Float32Array => {
    const out = new Float32Array(count * D);
    for (let n = 0; n < count; n++) {
      const at = (first + n) * D;
      for (let i = 0; i < D; i++) out[n * D + i] = (filled[at + i]! + sign * filled[at + across(i)]!) / 2 - (sign === 1 ? mean[i]! : 0);
    }
    return out;
  };
  const parts: { components: PrincipalComponents; rows: (first: number, count: number) => Float32Array }[] = [];
  for (const [rank, rows] of [[symmetric, rowsOf(1)], [opposite, rowsOf(-1)]] as const) parts.push({ rows, components: await principalComponents({ count: N, size: D, rows }, rank, { passes: 2, oversampling: 16 }, { ...(hooks.signal && { signal: hooks.signal }) }) });
  const predict = (n: number): Float32Array => {
    const out = Float32Array.from(mean);
    for (const { components: { components, variances }, rows } of parts) {
      const row = rows(n, 1);
      for (let r = 0; r < variances.length; r++) {
        const component = components.subarray(r * D, (r + 1) * D), share = dot(component, row);
        for (let i = 0; i < D; i++) out[i]! += share * component[i]!;
      }
    }
    return out;
  };
  return { mean, parts, predict };
}

/** Deviation of a colour from the prior's modes, and by how many vertices' worth one vertex counts: neighbours say much the same. */
const PRIOR = { noise: 0.08, share: 0.05 } as const;

/** What a prior says of a whole head of which some vertices are known: its modes at their most likely numbers. */
function priorFill({ mean, components, variances }: Pick<PartComponents, 'mean' | 'components' | 'variances'>, V: number): (colors: ArrayLike<number>, weight: ArrayLike<number>) => Float32Array {
  const R = variances.length, D = 3 * V;
  return (colors, weight) => {
    const gram = new Float64Array(R * R), right = new Float64Array(R);
    for (let v = 0; v < V; v++) {
      const w = weight[v]! * PRIOR.share / PRIOR.noise ** 2;
      if (!(w > 0)) continue;
      for (let k = 0; k < 3; k++) {
        const i = 3 * v + k, d = colors[i]! - mean[i]!;
        for (let a = 0; a < R; a++) {
          const u = w * components[a * D + i]!;
          right[a]! += u * d;
          for (let b = 0; b <= a; b++) gram[a * R + b]! += u * components[b * D + i]!;
        }
      }
    }
    for (let a = 0; a < R; a++) {
      gram[a * R + a]! += 1 / Math.max(variances[a]!, 1e-9);
      for (let b = 0; b < a; b++) gram[b * R + a] = gram[a * R + b]!;
    }
    const factor = new Cholesky(gram, R), share = factor.backward(factor.forward(right)), out = Float32Array.from(mean);
    for (let a = 0; a < R; a++) for (let i = 0; i < D; i++) out[i]! += share[a]! * components[a * D + i]!;
    return out;
  };
}
