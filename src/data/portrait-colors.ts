import { ArgumentError, FormatError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { SafeTensor, SafeTensors } from '../io/safetensors.ts';
import type { HeadSampler } from './head-sampler.ts';
import { HEAD_REGIONS } from './head-topology.ts';

/** Colours of heads as photographs show them: a symmetric mean and modes about it, and where in them the faces are that it was learned from. */
export interface PortraitColors {
  /** `[3V]` sRGB. */
  readonly mean: Float32Array;
  /** `[K, 3V]`: each times a standard normal number. */
  readonly modes: Float32Array;
  /** `[N, K]`. */
  readonly coefficients: Float32Array;
  /** `[N]`: how often each face is drawn, relative to the others. */
  readonly shares: Float32Array;
  /** `[K]` 1 where a mode is opposite on both sides of the face: its number may be turned round. */
  readonly opposite: Uint8Array;
}

/** How far a drawn face is from the one that it began as, in standard deviations: 0 draws the faces themselves, 1 nothing of them. */
const APART = 0.5;

const FORMAT = 'retinamesh-colors';

/**
 * Gives heads the colours of photographs: in `share` of cases a face is drawn, moved a good way along all modes at random and mirrored or not. Eyes, teeth and the mouth's inside keep what the sampler painted on them.
 *
 * @param share - In [0, 1].
 * @throws {@link ArgumentError} for another share, or colours of another topology.
 */
export function colorFromPortraits(sampler: HeadSampler, colors: PortraitColors, share: number): HeadSampler {
  const where = 'colorFromPortraits', { topology: { region }, topology, reference } = sampler, total = colors.shares.reduce((a, b) => a + b, 0);
  if (!(share >= 0 && share <= 1)) throw new ArgumentError(where, 'share', 'a number in [0, 1]', `${share}`);
  if (colors.mean.length !== 3 * region.length) throw new ArgumentError(where, 'colors', `${region.length} vertices, as the heads have`, `${colors.mean.length / 3}`);
  const painted = ['mouth'].map((name) => HEAD_REGIONS.indexOf(name as 'mouth'));
  return {
    topology, reference,
    sample(random, options) {
      const own = random.fork('portrait'), head = sampler.sample(random, options);
      if (!(own.uniform() < share)) return head;
      const drawn = drawColors(colors, total, own);
      return { ...head, skins: ['portraits'], colors: head.colors.map((x, i) => (painted.includes(region[Math.floor(i / 3)]!) ? x : drawn[i]!)) };
    },
  };
}

function drawColors({ mean, modes, coefficients, shares, opposite }: PortraitColors, total: number, random: Random): Float32Array {
  const K = opposite.length, D = mean.length, out = mean.slice();
  let left = random.uniform() * total, face = 0;
  while (face < shares.length - 1 && (left -= shares[face]!) >= 0) face++;
  const turn = random.uniform() < 0.5 ? -1 : 1, keep = Math.sqrt(1 - APART ** 2);
  for (let k = 0; k < K; k++) {
    const z = (opposite[k] === 1 ? turn : 1) * keep * coefficients[face * K + k]! + APART * random.normal();
    for (let i = 0, at = k * D; i < D; i++, at++) out[i]! += z * modes[at]!;
  }
  for (let i = 0; i < D; i++) out[i] = Math.min(0.995, Math.max(0.005, out[i]!));
  return out;
}

/** Colours as the arrays and notes of a safetensors file, modes in half precision. */
export function portraitColorsToTensors({ mean, modes, coefficients, shares, opposite }: PortraitColors): SafeTensors {
  const V = mean.length / 3, K = opposite.length, f32 = (data: Float32Array, shape: readonly number[]): SafeTensor => ({ dtype: 'F32', shape, data });
  return {
    tensors: { mean: f32(mean, [V, 3]), modes: { dtype: 'F16', shape: [K, V, 3], data: modes }, coefficients: f32(coefficients, [shares.length, K]), shares: f32(shares, [shares.length]), opposite: { dtype: 'U8', shape: [K], data: opposite } },
    metadata: { format: FORMAT, version: '1' },
  };
}

/**
 * The colours that {@link portraitColorsToTensors} stored.
 *
 * @param vertexCount - Of the heads that they must fit.
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming what is missing, misshapen or of another topology.
 */
export function portraitColorsFromTensors({ tensors, metadata }: SafeTensors, vertexCount: number, where = 'portraitColorsFromTensors'): PortraitColors {
  const fail = (what: string, expected: string, actual: string): never => { throw new FormatError(where, what, expected, actual, 'the header'); };
  if (metadata.format !== FORMAT) fail('the metadata', `format ${FORMAT}, as \`head colors\` writes it`, metadata.format ?? 'none');
  const read = <T extends Float32Array | Uint8Array>(name: string, kind: abstract new (...args: never[]) => T, shape: readonly number[]): T => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name]! : fail(`tensor ${name}`, 'a place in the file', 'none');
    if (tensor.shape.length !== shape.length || shape.some((n, i) => n >= 0 && n !== tensor.shape[i])) fail(`tensor ${name}`, `shape [${shape.map((n) => (n < 0 ? 'any' : n))}]`, `[${tensor.shape}]`);
    if (!(tensor.data instanceof kind)) return fail(`tensor ${name}`, `numbers in a ${kind.name}`, tensor.dtype);
    const broken = (tensor.data as Float32Array).findIndex((x) => !Number.isFinite(x));
    return broken < 0 ? tensor.data : fail(`tensor ${name}`, 'finite numbers', `${tensor.data[broken]} at ${broken}`);
  };
  const opposite = read('opposite', Uint8Array, [-1]), K = opposite.length, shares = read('shares', Float32Array, [-1]);
  if (shares.length === 0 || shares.some((x) => x < 0) || !shares.some((x) => x > 0)) fail('tensor shares', 'shares of at least one face, none negative', `${shares.length} numbers`);
  return { opposite, shares, mean: read('mean', Float32Array, [vertexCount, 3]), modes: read('modes', Float32Array, [K, vertexCount, 3]), coefficients: read('coefficients', Float32Array, [shares.length, K]) };
}
