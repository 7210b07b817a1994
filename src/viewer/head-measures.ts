import { HEAD_REGIONS, type HeadTopology } from '../data/head-topology.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { oklabFromSrgb } from './oklab.ts';

/** What a measure is about. */
export type MeasureKind = 'shape' | 'expression' | 'colour';

/** One number of a head, and words for it when it grows and when it falls. */
export interface HeadMeasure {
  readonly kind: MeasureKind;
  readonly rises: string;
  readonly falls: string;
  readonly unit: 'mm' | 'lightness' | 'colour';
  /** An expression that people also differ by at rest: a matter of shape where the skull moves along. */
  readonly isShapeToo?: true;
}

const measure = (kind: MeasureKind, rises: string, falls: string, unit: HeadMeasure['unit'] = kind === 'colour' ? 'lightness' : 'mm'): HeadMeasure => ({ kind, rises, falls, unit });

const either = (rises: string, falls: string): HeadMeasure => ({ ...measure('expression', rises, falls), isShapeToo: true });

/**
 * What {@link createHeadRuler} measures, in this order. Lengths are of a head brought to the mean size, so that size is named once; lightness and colour are OKLab's.
 */
export const HEAD_MEASURES: readonly HeadMeasure[] = [
  measure('shape', 'head larger', 'head smaller'),
  measure('shape', 'face longer', 'face shorter'),
  measure('shape', 'face wider', 'face narrower'),
  measure('shape', 'jaw wider', 'jaw narrower'),
  measure('shape', 'chin forward', 'chin back'),
  measure('shape', 'chin longer', 'chin shorter'),
  measure('shape', 'nose longer', 'nose shorter'),
  measure('shape', 'nose wider', 'nose narrower'),
  measure('shape', 'nose more prominent', 'nose flatter'),
  measure('shape', 'eyes further apart', 'eyes closer together'),
  measure('shape', 'eyes deeper', 'eyes less deep'),
  measure('shape', 'lips fuller', 'lips thinner'),
  measure('shape', 'cheeks fuller', 'cheeks hollower'),
  measure('shape', 'skull taller', 'skull lower'),
  measure('shape', 'skull longer', 'skull shorter'),
  measure('shape', 'skull wider', 'skull narrower'),
  measure('shape', 'neck wider', 'neck narrower'),
  measure('shape', 'ears stand out', 'ears lie closer'),
  measure('expression', 'mouth opens', 'mouth closes'),
  either('mouth wider', 'mouth narrower'),
  measure('expression', 'mouth corners up', 'mouth corners down'),
  either('lips forward', 'lips back'),
  measure('expression', 'eyes open wide', 'eyes close'),
  either('brows up', 'brows down'),
  either('brows together', 'brows apart'),
  measure('expression', "mouth to the picture's right", "mouth to the picture's left"),
  measure('expression', "eyes look to the picture's right", "eyes look to the picture's left"),
  measure('expression', 'eyes look up', 'eyes look down'),
  measure('colour', 'skin lighter', 'skin darker'),
  measure('colour', 'skin redder', 'skin less red', 'colour'),
  measure('colour', 'skin yellower', 'skin bluer', 'colour'),
  measure('colour', 'brows lighter', 'brows darker'),
  measure('colour', 'lips lighter', 'lips darker'),
  measure('colour', 'lips redder', 'lips paler', 'colour'),
  measure('colour', 'cheeks redder', 'cheeks paler', 'colour'),
  measure('colour', 'chin and upper lip lighter', 'chin and upper lip darker, as under a beard'),
  measure('colour', 'forehead lighter', 'forehead darker'),
  measure('colour', 'around the eyes lighter', 'around the eyes darker'),
  measure('colour', 'irises lighter', 'irises darker'),
  measure('colour', 'irises browner', 'irises bluer', 'colour'),
  measure('colour', 'scalp and hairline lighter', 'scalp and hairline darker'),
  measure('colour', "picture's right side lighter", "picture's left side lighter"),
];

/** The numbers of a mesh, in the order of {@link HEAD_MEASURES}. */
export type HeadRuler = (mesh: Pick<TriangleMesh<Float32Array>, 'vertices'> & { readonly colors: Float32Array }) => Float64Array;

/**
 * What measures heads of one topology: distances between landmarks, extents of regions, mean colours of regions.
 *
 * A region that the topology has no vertex of measures 0 on every head.
 *
 * @param mean - `[V, 3]` the mean head, mm: where its parts are.
 */
export function createHeadRuler({ region, faceMask, landmarks68, landmarks5 }: HeadTopology, mean: Float32Array): HeadRuler {
  const V = region.length, all = Array.from({ length: V }, (_, v) => v), regionOf = (v: number): string => HEAD_REGIONS[region[v]!]!;
  const x = (v: number): number => mean[3 * v]!, y = (v: number): number => mean[3 * v + 1]!, z = (v: number): number => mean[3 * v + 2]!;
  const mark = (i: number): number => landmarks68[i]!, markY = (...marks: number[]): number => marks.reduce((sum, i) => sum + y(mark(i)), 0) / marks.length;
  const near = (marks: readonly number[], radius: number) => (v: number): boolean => marks.some((m) => Math.hypot(x(v) - x(m), y(v) - y(m), z(v) - z(m)) < radius);
  const skin = all.filter((v) => regionOf(v) === 'skin' && faceMask[v]! > 0.5), pupils = [landmarks5[0]!, landmarks5[1]!];
  const eyeWidth = Math.hypot(x(mark(36)) - x(mark(39)), y(mark(36)) - y(mark(39)));
  const noseBase = markY(31, 35), mouthY = markY(48, 54), browY = markY(17, 21, 22, 26), middle = x(mark(30)), face = Math.abs(x(mark(1)) - x(mark(15)));
  const parts = {
    skin, brow: all.filter((v) => regionOf(v) === 'brow'), lips: all.filter((v) => regionOf(v) === 'lips'), ear: all.filter((v) => regionOf(v) === 'ear'),
    iris: all.filter((v) => regionOf(v) === 'eye' && near(pupils, 0.24 * eyeWidth)(v)),
    cheeks: skin.filter((v) => y(v) < markY(36, 45) - 0.6 * eyeWidth && y(v) > mouthY && Math.abs(x(v) - middle) > 0.18 * face && Math.abs(x(v) - middle) < 0.4 * face),
    beard: skin.filter((v) => y(v) < noseBase && Math.abs(x(v) - middle) < 0.3 * face), forehead: skin.filter((v) => y(v) > browY + 0.5 * eyeWidth),
    sockets: skin.filter((v) => near(pupils, 0.8 * eyeWidth)(v) && y(v) < browY),
    scalp: all.filter((v) => faceMask[v]! < 0.5 && regionOf(v) === 'skin' && y(v) > browY), neck: all.filter((v) => faceMask[v]! < 0.5 && y(v) < y(mark(8)) - 5),
    right: skin.filter((v) => x(v) > middle + 0.12 * face), left: skin.filter((v) => x(v) < middle - 0.12 * face),
  };
  const scaleOf = (vertices: Float32Array): number => rootMeanSquare(vertices), usual = scaleOf(mean);

  return ({ vertices, colors }) => {
    const size = scaleOf(vertices), k = usual / size;
    const at = (i: number, axis: 0 | 1 | 2): number => k * vertices[3 * mark(i) + axis]!;
    const between = (i: number, j: number): number => Math.hypot(at(i, 0) - at(j, 0), at(i, 1) - at(j, 1), at(i, 2) - at(j, 2));
    const meanOf = (marks: readonly number[], axis: 0 | 1 | 2): number => marks.reduce((sum, i) => sum + at(i, axis), 0) / marks.length;
    const place = (vertexIds: readonly number[], axis: 0 | 1 | 2): number => vertexIds.reduce((sum, v) => sum + k * vertices[3 * v + axis]!, 0) / Math.max(1, vertexIds.length);
    const width = (vertexIds: readonly number[]): number => vertexIds.reduce((sum, v) => sum + Math.abs(k * vertices[3 * v]! - at(30, 0)), 0) / Math.max(1, vertexIds.length);
    const eyes = [36, 39, 42, 45], innerGap = (between(61, 67) + between(62, 66) + between(63, 65)) / 3, lidGap = (between(37, 41) + between(38, 40) + between(43, 47) + between(44, 46)) / 4;
    const lipHeight = between(51, 57) - between(62, 66), pupil = (axis: 0 | 1): number => place(pupils, axis) - meanOf(eyes, axis);
    const extent = spans(vertices, k), tone = (vertexIds: readonly number[]) => meanTone(colors, vertexIds);
    const base = tone(parts.skin), brow = tone(parts.brow), lips = tone(parts.lips), iris = tone(parts.iris), cheeks = tone(parts.cheeks);
    return Float64Array.of(
      // The inner mouth counts from the nose to the chin only where it is closed: an opened jaw is no longer face.
      size, between(27, 8) - innerGap, between(1, 15), between(4, 12), at(8, 2) - at(27, 2), between(57, 8), between(27, 33), between(31, 35), at(30, 2) - meanOf([31, 35, 39, 42], 2),
      place(pupils.slice(1), 0) - place(pupils.slice(0, 1), 0), meanOf([19, 24, 27], 2) - meanOf(eyes, 2), lipHeight, place(parts.cheeks, 2) - meanOf([27, 33], 2),
      extent[1] - between(27, 8), extent[2], width(parts.scalp), width(parts.neck), width(parts.ear) - between(0, 16) / 2,
      innerGap, between(48, 54), meanOf([48, 54], 1) - meanOf([51, 57, 62, 66], 1), meanOf([51, 57], 2) - meanOf([33, 8], 2), lidGap, meanOf([17, 18, 19, 20, 21, 22, 23, 24, 25, 26], 1) - meanOf(eyes, 1), -between(21, 22),
      meanOf([48, 54, 51, 57], 0) - meanOf([27, 28, 29, 30], 0), pupil(0), pupil(1),
      ...base, brow[0] - base[0], lips[0] - base[0], lips[1] - base[1], cheeks[1] - base[1], tone(parts.beard)[0] - base[0], tone(parts.forehead)[0] - base[0], tone(parts.sockets)[0] - base[0],
      iris[0], iris[2], tone(parts.scalp)[0] - base[0], tone(parts.right)[0] - tone(parts.left)[0],
    );
  };
}

/** Distance of vertices from their mean. */
function rootMeanSquare(vertices: Float32Array): number {
  const n = vertices.length / 3, mean = [0, 0, 0];
  let sum = 0;
  for (let i = 0; i < vertices.length; i++) mean[i % 3]! += vertices[i]! / n;
  for (let i = 0; i < vertices.length; i++) sum += (vertices[i]! - mean[i % 3]!) ** 2;
  return Math.sqrt(sum / n);
}

/** Edges of the box about all vertices, times `k`. */
function spans(vertices: Float32Array, k: number): [number, number, number] {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < vertices.length; i++) {
    low[i % 3] = Math.min(low[i % 3]!, vertices[i]!);
    high[i % 3] = Math.max(high[i % 3]!, vertices[i]!);
  }
  return [k * (high[0]! - low[0]!), k * (high[1]! - low[1]!), k * (high[2]! - low[2]!)];
}

function meanTone(colors: Float32Array, vertexIds: readonly number[]): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (const v of vertexIds) oklabFromSrgb(colors[3 * v]!, colors[3 * v + 1]!, colors[3 * v + 2]!).forEach((value, i) => { sum[i]! += value / vertexIds.length; });
  return sum;
}
