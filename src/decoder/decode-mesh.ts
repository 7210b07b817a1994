import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { FaceModel } from './face-model.ts';

/**
 * The coloured mesh of one latent, on the host: vertices in millimetres, colours sRGB albedo.
 *
 * @param latent - As many numbers as the decoder's `latentSize`.
 * @throws {@link ArgumentError} if there are more or fewer, or one is not finite.
 */
export function decodeMesh({ decoder, topology }: Pick<FaceModel, 'decoder' | 'topology'>, latent: ArrayLike<number>): Required<TriangleMesh<Float32Array>> {
  const size = decoder.config.latentSize, values = Float32Array.from(latent), stray = values.findIndex((x) => !Number.isFinite(x));
  if (values.length !== size) throw new ArgumentError('decodeMesh', 'latent', `${size} numbers`, String(values.length));
  if (stray >= 0) throw new ArgumentError('decodeMesh', `latent[${stray}]`, 'a finite number', String(latent[stray]));
  return tf.tidy(() => {
    const { vertices, colors } = decoder.decode(tf.tensor2d(values, [1, size]));
    return { vertices: vertices.dataSync().slice() as Float32Array, colors: colors.dataSync().slice() as Float32Array, faces: topology.faces };
  });
}
