import { FormatError } from '../core/errors.ts';
import type { SafeTensor, SafeTensors } from '../io/safetensors.ts';
import type { HeadRegistration } from './head-registration.ts';

const FORMAT = 'retinamesh-registration';

/** A registration as the arrays and notes of a safetensors file, modes in half precision. */
export function registrationToTensors({ neutral, corners, weights, identity, expression, expressionNames, landmarks68 }: HeadRegistration, faces: Int32Array): SafeTensors {
  const V = neutral.length / 3, f32 = (data: ArrayLike<number>, shape: readonly number[]): SafeTensor => ({ dtype: 'F32', shape, data: Float32Array.from(data) }), i32 = (data: Int32Array, shape: readonly number[]): SafeTensor => ({ dtype: 'I32', shape, data });
  return {
    tensors: {
      neutral: f32(neutral, [V, 3]), weights: f32(weights, [V, 3]), corners: i32(corners, [V, 3]), faces: i32(faces, [faces.length / 3, 3]), landmarks68: i32(landmarks68, [68]),
      identity: { dtype: 'F16', shape: [identity.length / (3 * V), V, 3], data: identity }, expression: { dtype: 'F16', shape: [expressionNames.length, V, 3], data: expression },
    },
    metadata: { format: FORMAT, version: '1', unit: 'mm', expressionNames: JSON.stringify(expressionNames) },
  };
}

/**
 * The registration that {@link registrationToTensors} stored.
 *
 * @param faces - `[F, 3]` of the topology that it must be of.
 * @param where - Named in errors: the file.
 * @throws {@link FormatError} naming what is missing, misshapen, out of range or of another topology.
 */
export function registrationFromTensors({ tensors, metadata }: SafeTensors, faces: Int32Array, where = 'registrationFromTensors'): HeadRegistration {
  const fail = (what: string, expected: string, actual: string): never => { throw new FormatError(where, what, expected, actual, 'the header'); };
  if (metadata.format !== FORMAT) fail('the metadata', `format ${FORMAT}, as \`head register\` writes it`, metadata.format ?? 'none');
  const read = <T extends Float32Array | Int32Array>(name: string, kind: abstract new (...args: never[]) => T, shape: readonly number[]): T => {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name]! : fail(`tensor ${name}`, 'a place in the file', 'none');
    if (tensor.shape.length !== shape.length || shape.some((n, i) => n >= 0 && n !== tensor.shape[i])) fail(`tensor ${name}`, `shape [${shape.map((n) => (n < 0 ? 'any' : n))}]`, `[${tensor.shape}]`);
    if (!(tensor.data instanceof kind)) return fail(`tensor ${name}`, `numbers in a ${kind.name}`, tensor.dtype);
    const broken = (tensor.data as Float32Array).findIndex((x) => !Number.isFinite(x));
    return broken < 0 ? tensor.data : fail(`tensor ${name}`, 'finite numbers', `${tensor.data[broken]} at ${broken}`);
  };
  const neutral = read('neutral', Float32Array, [-1, 3]), V = neutral.length / 3, own = read('faces', Int32Array, [-1, 3]);
  if (own.length !== faces.length || own.some((v, i) => v !== faces[i])) fail('tensor faces', 'the faces of this version\'s head; register it again', 'others');
  const names = JSON.parse(metadata.expressionNames ?? '[]') as string[], landmarks68 = read('landmarks68', Int32Array, [68]), stray = landmarks68.findIndex((v) => v < 0 || v >= V);
  if (stray >= 0) fail('tensor landmarks68', `integers in [0, ${V})`, `${landmarks68[stray]}`);
  return {
    neutral: Float64Array.from(neutral), corners: read('corners', Int32Array, [V, 3]), weights: read('weights', Float32Array, [V, 3]), identity: read('identity', Float32Array, [-1, V, 3]),
    expression: read('expression', Float32Array, [names.length, V, 3]), expressionNames: names, landmarks68,
  };
}
