import * as tf from '@tensorflow/tfjs';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import { renderMesh } from '../renderer/render-mesh.ts';
import { sceneTensors } from './scene-map.ts';
import type { CameraNumbers } from './scene.ts';

/** Edge of the picture in which is looked: the triangles of a face are a few of its pixels. */
const SIZE = 512;

/** The vertices that a camera sees, in order: corners of triangles that its picture shows somewhere. */
export function seenVertices({ vertices, faces }: Pick<TriangleMesh, 'vertices' | 'faces'>, camera: CameraNumbers): Int32Array {
  const V = vertices.length / 3, seen = new Uint8Array(V), light = [0, 0, 0];
  const faceIndex = tf.tidy(() => {
    const scene = sceneTensors([{ latent: new Float32Array(1), camera, illumination: { lightPosition: light, lightColor: light, ambientColor: light } }]);
    const mesh = { vertices: tf.tensor3d(Float32Array.from(vertices), [1, V, 3]), colors: tf.zeros([1, V, 3]) as tf.Tensor3D, faces: tf.tensor2d(faces, [faces.length / 3, 3], 'int32') };
    return renderMesh(mesh, scene.camera, null, { height: SIZE, width: SIZE }).fragments.faceIndex.dataSync();
  });
  for (const f of faceIndex) if (f >= 0) for (let i = 0; i < 3; i++) seen[faces[3 * f + i]!] = 1;
  return Int32Array.from(seen.keys()).filter((v) => seen[v] === 1);
}
