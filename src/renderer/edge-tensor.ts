import * as tf from '@tensorflow/tfjs';
import { meshEdges } from '../mesh/mesh-edges.ts';

const known = new WeakMap<tf.Tensor, Int32Array>();

/**
 * The edges of `faces` int32 `[F, 3]` as `antialiasEdges` takes them, found once for each tensor of faces: some 50 ms for 20,000 faces.
 *
 * @returns int32 `[E, 4]`, a new tensor each time.
 */
export function edgeTensor(faces: tf.Tensor2D): tf.Tensor2D {
  let edges = known.get(faces);
  if (!edges) {
    edges = meshEdges(faces.dataSync() as Int32Array);
    known.set(faces, edges);
  }
  return tf.tensor2d(edges, [edges.length / 4, 4], 'int32');
}
