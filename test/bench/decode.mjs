// Decode, 128 numbers -> 10,242 coloured vertices: the work of ../shared/peers/README.md, on the peers' own weights where they are.
import { existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../dist/core/random.js';
import { MESH_DECODER_PRESETS } from '../../dist/decoder/config.js';
import { MeshDecoder } from '../../dist/decoder/mesh-decoder.js';
import { readSafetensors } from '../../dist/io/safetensors.js';
import { csrFromTriplets } from '../../dist/sparse/csr-from-triplets.js';
import { icosphereLevels } from './icosphere.mjs';
import { largestDifference, measure } from './measure.mjs';

const FILTERS = [32, 16, 16, 16], LATENT = 128;

/** Times the decoder of the peers; the first line says how far the output is from theirs. */
export function* benchDecode({ name, cores, peers, budget }) {
  const reference = new URL('decode_reference.safetensors', peers);
  const given = existsSync(reference) ? readSafetensors(readFileSync(reference), 'decode_reference.safetensors').tensors : null;
  const decoder = createDecoder(icosphereLevels(5).slice(1), given);
  const record = (work, body) => ({ item: 'decode', name, work, cores, ...measure(body, { budget }) });
  if (given) {
    const ours = tf.tidy(() => decoder.decodeChannels(tf.tensor2d(given.latent.data, [1, LATENT])).dataSync());
    yield { note: `decode: largest difference to the peers' output on their weights: ${largestDifference(ours, given.output.data).toExponential(1)} of ${largest(given.output.data).toFixed(1)}` };
  } else yield { note: 'decode: decode_reference.safetensors of the peers is absent: own weights, output not compared' };

  for (const batch of [1, 16]) {
    const latent = tf.tensor2d(normals(batch * LATENT, 1), [batch, LATENT]);
    yield record(`forward B=${batch}`, () => decoder.decodeChannels(latent).dispose());
    latent.dispose();
  }
  const latent = tf.variable(tf.tensor2d(normals(LATENT, 1), [1, LATENT])), variables = [latent, ...Object.values(decoder.parameters)];
  const step = () => {
    const { value, grads } = tf.variableGrads(() => decoder.decodeChannels(latent).square().sum(), variables);
    tf.dispose([value, grads]);
  };
  step();
  const before = tf.memory().numTensors;
  yield record('forward+backward B=1', step);
  yield { note: `decode: ${tf.memory().numTensors - before} tensors left by the repeated steps` };
  decoder.dispose();
  latent.dispose();
}

export function createDecoder(levels, given) {
  const fine = levels.toReversed();
  const hierarchy = {
    levels: fine.map(({ points, faces }) => ({ vertices: Float64Array.from(points.flat()), faces: Int32Array.from(faces.flat()) })),
    upTransforms: fine.slice(0, -1).map(({ points, up }, i) => csrFromTriplets([points.length, fine[i + 1].points.length], up.flatMap((_, v) => [v, v]), up.flat(), new Float64Array(2 * points.length).fill(0.5))),
    downTransforms: [], permutation: Int32Array.from(fine[0].points.keys()),
  };
  const V = fine[0].points.length;
  const statistics = { vertices: new Float32Array(3 * V), colors: new Float32Array(3 * V).fill(0.5), vertexScale: new Float32Array(V).fill(1), colorScale: new Float32Array(V).fill(1) };
  const decoder = new MeshDecoder(hierarchy, statistics, { ...MESH_DECODER_PRESETS.plain, filters: FILTERS }, 0);
  if (!given) return decoder;
  const assign = (name, values) => tf.tidy(() => decoder.parameters[name].assign(tf.tensor(values, decoder.parameters[name].shape)));
  const weight = given['fc.weight'].data, rows = weight.length / LATENT;
  assign('dense.weight', Float32Array.from({ length: weight.length }, (_, at) => weight[(at % rows) * LATENT + Math.floor(at / rows)]));
  assign('dense.bias', given['fc.bias'].data);
  for (let i = 0; i <= FILTERS.length; i++) assign(`cheb.${i}.weight`, given[`conv${i}.weight`].data);
  for (let i = 0; i < FILTERS.length; i++) assign(`cheb.${i}.bias`, given[`conv${i}.bias`].data);
  return decoder;
}

const largest = (values) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

export function normals(length, seed) {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}
