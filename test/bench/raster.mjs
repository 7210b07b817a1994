// Rasterize 224 x 224, 10,242 vertices, 20,480 triangles: the work of ../shared/peers/rast_scene.py, colours interpolated.
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../dist/core/random.js';
import { interpolateAttributes } from '../../dist/ops/interpolate-attributes.js';
import { rasterizeMesh } from '../../dist/ops/rasterize-mesh.js';
import { icosphereLevels } from './icosphere.mjs';
import { measure } from './measure.mjs';

const SIZE = { height: 224, width: 224 }, DISTANCE = 3, FOCAL = 0.874 * Math.sqrt(8), NEAR = 1, FAR = 5;

/** Times rasterization and interpolation, and the gradient of both to clip-space vertices and colours. */
export function* benchRaster({ name, cores, budget }) {
  const { points, faces } = icosphereLevels(5).at(-1), random = createRandom(0);
  const clip = tf.tensor3d(Float32Array.from(points.flatMap(([x, y, z]) => {
    const w = DISTANCE - z;
    return [FOCAL * x, FOCAL * y, ((FAR + NEAR) * w - 2 * FAR * NEAR) / (FAR - NEAR), w];
  })), [1, points.length, 4]);
  const colors = tf.tensor3d(Float32Array.from(points.flatMap((p) => p.map((x, k) => 0.5 + 0.5 * Math.sin(5 * x + k)))), [1, points.length, 3]);
  const triangles = tf.tensor2d(Int32Array.from(faces.flat()), [faces.length, 3], 'int32');
  const dy = tf.tensor4d(Float32Array.from({ length: 3 * SIZE.height * SIZE.width }, () => random.normal()), [1, SIZE.height, SIZE.width, 3]);
  const render = (v, c) => interpolateAttributes(c, triangles, rasterizeMesh(v, triangles, SIZE)), gradients = tf.grads(render);
  const record = (work, body) => ({ item: 'raster', name, work, cores, ...measure(body, { budget }) });

  const covered = tf.tidy(() => rasterizeMesh(clip, triangles, SIZE).faceIndex.dataSync().filter((f) => f >= 0).length);
  yield { note: `raster: coverage ${covered / (SIZE.height * SIZE.width)}` };
  const before = tf.memory().numTensors;
  yield record('forward 224', () => tf.tidy(() => { render(clip, colors); }));
  yield record('forward+backward 224', () => tf.tidy(() => { gradients([clip, colors], dy); }));
  yield { note: `raster: ${tf.memory().numTensors - before} tensors left by the repeated steps` };
  tf.dispose([clip, colors, triangles, dy]);
}
