import { FormatError } from '../core/errors.ts';
import type { SafeTensors } from '../io/safetensors.ts';
import { fitSphere, type Sphere } from './fit-sphere.ts';

/** ICT-FaceKit's face area: a neutral face and what identities and expressions add to it. */
export interface IctFace {
  /** `[N, 3]` millimetres, +Y up, +Z out of the face. */
  readonly neutral: Float64Array;
  /** `[F, 3]`, counter-clockwise seen from outside; open at the eyes, the mouth and the back. */
  readonly faces: Int32Array;
  /** `[100, N, 3]` millimetres for a coefficient of 1; coefficients of people are standard normal. */
  readonly identity: Float32Array;
  /** `[53, N, 3]` millimetres at full strength. */
  readonly expression: Float32Array;
  /** What each expression is called, e.g. `jawOpen`, `eyeBlink_L`. */
  readonly expressionNames: readonly string[];
  /** `[68]` vertices in iBUG order. */
  readonly landmarks68: Int32Array;
  /** The eyeballs, the person's left one (x > 0) first. */
  readonly eyes: readonly [Sphere, Sphere];
}

/** Vertices of the eyeballs in the whole neutral mesh, as ICT-FaceKit's README numbers them. */
const EYEBALLS = [[21451, 23021], [23021, 24591]] as const;
/** Vertices of the narrow face, ears and neck left out, by the same list: `[0, NARROW)`. */
export const ICT_NARROW = 6706;

/**
 * The face area from `ict_face.safetensors`, the eyeballs from `generic_neutral_mesh.obj`; centimetres become millimetres.
 *
 * @param whole - `[M, 3]` vertices of the whole neutral mesh, the face area first.
 * @throws {@link FormatError} naming the tensor that is missing or misshapen, or if the whole mesh is another one.
 */
export function parseIctFace({ tensors, metadata }: SafeTensors, whole: ArrayLike<number>, where = 'parseIctFace'): IctFace {
  const read = (name: string, shape: readonly number[], limit = Infinity): Float32Array => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name]! : null, fail = (expected: string, actual: string): never => { throw new FormatError(where, `tensor ${name}`, expected, actual, 'the header'); };
    if (!tensor) return fail('a place in the file', 'none');
    if (tensor.shape.length !== shape.length || shape.some((n, i) => n >= 0 && n !== tensor.shape[i])) return fail(`shape [${shape.map((n) => (n < 0 ? 'any' : n))}]`, `[${tensor.shape}]`);
    const data = tensor.data as Float32Array, stray = data.findIndex((x) => !(Number.isFinite(x) && (limit === Infinity || (Number.isInteger(x) && x >= 0 && x < limit))));
    return stray < 0 ? data : fail(limit === Infinity ? 'finite numbers' : `integers in [0, ${limit})`, `${data[stray]} at ${stray}`);
  };
  const mean = read('mean', [-1, 3]), N = mean.length / 3, names = parseNames(metadata.expression_names, where), millimetres = (x: number): number => 10 * x;
  const neutral = Float64Array.from(mean, millimetres), moved = neutral.findIndex((x, i) => !(Math.abs(10 * whole[i]! - x) < 0.01));
  if (moved >= 0 || whole.length < 3 * EYEBALLS[1][1]) throw new FormatError(where, 'the whole neutral mesh', 'the face area as its first vertices and the eyeballs', moved >= 0 ? `another vertex ${Math.floor(moved / 3)}` : `${whole.length / 3} vertices`, 'its vertices');
  const eye = ([begin, end]: readonly [number, number]): Sphere => fitSphere(Float64Array.from({ length: 3 * (end - begin) }, (_, i) => 10 * whole[3 * begin + i]!)), eyes = EYEBALLS.map(eye).sort((a, b) => b.centre[0] - a.centre[0]) as [Sphere, Sphere];
  return {
    neutral, faces: Int32Array.from(read('tri', [-1, 3], N)), identity: read('identity', [-1, N, 3]).map(millimetres), expression: read('expression', [names.length, N, 3]).map(millimetres),
    expressionNames: names, landmarks68: Int32Array.from(read('landmarks68', [68], N)), eyes,
  };
}

function parseNames(text: string | undefined, where: string): string[] {
  const fail = (): never => { throw new FormatError(where, 'expression_names', 'a JSON list of names', text?.slice(0, 40) ?? 'none', '__metadata__'); };
  try {
    const names = JSON.parse(text ?? '') as unknown;
    return Array.isArray(names) && names.every((name): name is string => typeof name === 'string') ? names : fail();
  } catch {
    return fail();
  }
}
