import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { decodeMesh } from '../../src/decoder/decode-mesh.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { expectNoLeak } from '../support/backends.ts';
import { eggModel } from '../support/face-model.ts';

beforeAll(useWasmBackend);

it('decodes one latent to arrays of its own, leaves no tensor, refuses what does not fit', () => {
  const model = eggModel(), latent = new Float32Array(128).fill(0.3);
  let mesh = decodeMesh(model, latent);
  expectNoLeak(() => { mesh = decodeMesh(model, latent); });
  const { vertices, colors } = model.decoder.decode(tf.tensor2d(latent, [1, 128]));
  expect(mesh).toEqual({ vertices: vertices.dataSync(), colors: colors.dataSync(), faces: model.topology.faces });
  expect(() => decodeMesh(model, [1, 2])).toThrow('decodeMesh: expected latent to have 128 numbers, got 2');
  expect(() => decodeMesh(model, latent.with(3, NaN))).toThrow('latent[3] to have a finite number, got NaN');
});
