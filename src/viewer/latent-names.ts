import { ArgumentError } from '../core/errors.ts';
import { createRandom } from '../core/random.ts';
import type { HeadTopology } from '../data/head-topology.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { MeshDecoder } from '../decoder/mesh-decoder.ts';
import { createHeadRuler, HEAD_MEASURES, type MeasureKind } from './head-measures.ts';

/** What one number of the latent does. */
export interface LatentDescription {
  /** In the latent, from 0. */
  readonly index: number;
  /** Of what it does most. */
  readonly kind: MeasureKind;
  /** E.g. `shape: jaw wider`, `colour: skin darker, irises darker`: towards +2 standard deviations. */
  readonly name: string;
  /** Root mean square movement of a face vertex over all 4 standard deviations, mm. */
  readonly movement: number;
  /** The same for a colour channel in [0, 1]. */
  readonly coloring: number;
  /** The measures that the name is made of, strongest first, with their share of the variance of each over heads and how much each changes. */
  readonly effects: readonly { readonly text: string; readonly share: number; readonly change: number; readonly unit: string }[];
}

/** Standard deviations to each side, random heads that say what is usual, and how strong a second effect must be beside the first. */
const REACH = 2, HEADS = 48, SECOND = 0.6, SEED = 11;

/** Movement of skull, ears and neck beside that of the face, from which on brows, lips and mouth tell of the shape and not of an expression. */
const SKULL_MOVES = 0.5;

/** Describes directions of one decoder; made once, then cheap to ask. */
export interface LatentNamer {
  describe(index: number): LatentDescription;
}

/**
 * What names directions: measures random heads first, to know how much each measure varies.
 *
 * A direction is named after the measures of {@link HEAD_MEASURES} of whose variance over heads it carries the most:
 * `((m(+2) - m(-2)) / 4)^2 / var(m)`; the second is named beside the first where it is at least 0.6 of it. So a name says what a direction
 * is more responsible for than any other, not merely what changes with it. What people also differ by at rest (the height of brows, the width of the mouth) is an expression
 * where skull, ears and neck move less than half as much as the face.
 */
export function createLatentNamer(decoder: MeshDecoder, topology: HeadTopology): LatentNamer {
  const steps = latentNamerSteps(decoder, topology);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** {@link createLatentNamer} in steps of one decoded head each, for a page that must not stand still. */
export function* latentNamerSteps(decoder: MeshDecoder, topology: HeadTopology): Generator<void, LatentNamer, void> {
  const size = decoder.config.latentSize, ruler = createHeadRuler(topology, decoder.statistics.vertices), random = createRandom(SEED);
  const decode = (latent: Float32Array) => decodeMesh({ decoder, topology }, latent);
  const measured: Float64Array[] = [];
  for (let n = 0; n < HEADS; n++) {
    measured.push(ruler(decode(Float32Array.from({ length: size }, () => random.normal()))));
    yield;
  }
  const variance = variances(measured);
  const vertexIds = Array.from(topology.faceMask.keys()), face = vertexIds.filter((v) => topology.faceMask[v]! > 0.5), skull = vertexIds.filter((v) => topology.faceMask[v]! < 0.5);
  return {
    describe(index) {
      if (!(Number.isInteger(index) && index >= 0 && index < size)) throw new ArgumentError('LatentNamer.describe', 'index', `a whole number from 0 to ${size - 1}`, String(index));
      const [low, high] = [-REACH, REACH].map((z) => decode(Float32Array.from({ length: size }, (_, i) => (i === index ? z : 0)))) as [ReturnType<typeof decode>, ReturnType<typeof decode>];
      const before = ruler(low), after = ruler(high), movement = difference(low.vertices, high.vertices, face), isShape = difference(low.vertices, high.vertices, skull) > SKULL_MOVES * movement;
      const effects = HEAD_MEASURES.map(({ kind: own, rises, falls, unit, isShapeToo }, m) => {
        const change = after[m]! - before[m]!, kind = isShapeToo && isShape ? 'shape' : own;
        return { kind, text: change >= 0 ? rises : falls, share: variance[m]! > 0 ? (change / (2 * REACH)) ** 2 / variance[m]! : 0, change, unit };
      }).sort((a, b) => b.share - a.share);
      const [first, second] = effects as [(typeof effects)[0], (typeof effects)[0]], named = second.share >= SECOND * first.share ? [first, second] : [first];
      const text = named.map(({ kind, text: words }) => (kind === first.kind ? words : `${kind}: ${words}`)).join(', ');
      return {
        index, kind: first.kind, name: `${first.kind}: ${text}`, movement, coloring: difference(low.colors, high.colors, face),
        effects: effects.slice(0, 4).map(({ text: words, share, change, unit }) => ({ text: words, share, change, unit })),
      };
    },
  };
}

/**
 * The first `count` directions of a decoder's latent, named by what they move; see {@link createLatentNamer}. About 0.01 s for each and 0.5 s before.
 *
 * @throws {@link ArgumentError} if the latent has fewer.
 *
 * @example
 * ```ts
 * const { decoder, topology } = readFaceModel(bytes);
 * for (const { index, name } of describeLatents(decoder, topology, 10)) console.log(index, name);
 * ```
 */
export function describeLatents(decoder: MeshDecoder, topology: HeadTopology, count: number): LatentDescription[] {
  const { latentSize } = decoder.config;
  if (!(Number.isInteger(count) && count >= 1 && count <= latentSize)) throw new ArgumentError('describeLatents', 'count', `a whole number from 1 to ${latentSize}`, String(count));
  const namer = createLatentNamer(decoder, topology);
  return Array.from({ length: count }, (_, index) => namer.describe(index));
}

function variances(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows[0]!, (_, m) => {
    const mean = rows.reduce((sum, row) => sum + row[m]!, 0) / rows.length, value = rows.reduce((sum, row) => sum + (row[m]! - mean) ** 2, 0) / rows.length;
    // What hardly varies beside its own size is rounding, not a measure.
    return value > (1e-5 * mean) ** 2 ? value : 0;
  });
}

function difference(a: Float32Array, b: Float32Array, vertexIds: readonly number[]): number {
  let sum = 0;
  for (const v of vertexIds) for (let k = 0; k < 3; k++) sum += (a[3 * v + k]! - b[3 * v + k]!) ** 2;
  return Math.sqrt(sum / Math.max(1, vertexIds.length));
}
