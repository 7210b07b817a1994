import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { boundColorOnHost, unboundColor } from '../../src/decoder/bound-color.ts';
import { MESH_DECODER_PRESETS } from '../../src/decoder/config.ts';
import { foldLatentTransform } from '../../src/decoder/fold-latent.ts';
import { MeshDecoder } from '../../src/decoder/mesh-decoder.ts';
import { MeshEncoder } from '../../src/decoder/mesh-encoder.ts';
import { chebConvImpl } from '../../src/kernels/impl/cheb-conv.ts';
import { meshAdjacency } from '../../src/mesh/adjacency.ts';
import { laplacian, scaledLaplacian } from '../../src/mesh/laplacian.ts';
import { csrTimesDense } from '../../src/sparse/csr-times-dense.ts';
import { describeOnBackends, expectNoLeak } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';
import { sphereHierarchy, sphereStatistics } from './support.ts';

const hierarchy = sphereHierarchy(), statistics = sphereStatistics(), V = 642;
const SMALL = { latentSize: 5, order: 3, filters: [8, 6, 4], linearShapeLevel: 2, linearColorLevel: 1 } as const;

const latentOf = (batch: number): tf.Tensor2D => tf.tensor2d(Float32Array.from(normals(batch * 5, 8)), [batch, 5]);

/** Gives the zero-initialised parameters something to do. */
function shake(decoder: MeshDecoder): MeshDecoder {
  for (const [name, value] of Object.entries(decoder.parameters)) {
    tf.tidy(() => value.assign(value.add(tf.tensor(Float32Array.from(normals(value.size, createRandom(5).fork(name).integer(1e9)).map((x) => 0.1 * x)), value.shape))));
  }
  return decoder;
}

describeOnBackends('MeshDecoder', () => {
  it('is the composition of its equations, evaluated by reference loops in float64', () => {
    const decoder = shake(new MeshDecoder(hierarchy, statistics, SMALL, 1));
    const p = Object.fromEntries(Object.entries(decoder.parameters).map(([name, value]) => [name, Float64Array.from(value.dataSync<'float32'>())]));
    const z = latentOf(1), zs = Float64Array.from(z.dataSync<'float32'>());
    const affine = (name: string): Float64Array => p[`${name}.bias`]!.map((b, n) => zs.reduce((sum, x, m) => sum + x * p[`${name}.weight`]![m * p[`${name}.bias`]!.length + n]!, b));
    let x = affine('dense');
    const channels = [8, 8, 6, 4, 6];
    for (let i = 0; i < 4; i++) {
      const level = Math.max(0, 2 - i), { faces, vertices } = hierarchy.levels[level]!;
      if (i < 3) x = csrTimesDense(hierarchy.upTransforms[level]!, x, channels[i]!);
      const A = scaledLaplacian(laplacian(meshAdjacency(faces, vertices.length / 3))), y = new Float64Array(vertices.length / 3 * channels[i + 1]!);
      chebConvImpl(A, x, p[`cheb.${i}.weight`]!, p[`cheb.${i}.bias`] ?? null, y, { batch: 1, inputs: channels[i]!, outputs: channels[i + 1]!, order: 3 }, i < 3);
      x = y;
    }
    const shape = csrTimesDense(decoder.injectionMatrix('linearShape'), affine('linearShape'), 3), color = csrTimesDense(decoder.injectionMatrix('linearColor'), affine('linearColor'), 3);
    const position = new Int32Array(V);
    hierarchy.permutation.forEach((input, at) => { position[input] = at; });
    const vertices = statistics.vertices.map((mean, i) => {
      const v = Math.floor(i / 3);
      return mean + statistics.vertexScale[v]! * (x[6 * position[v]! + i % 3]! + shape[i]!);
    });
    const colors = statistics.colors.map((mean, i) => {
      const v = Math.floor(i / 3);
      return boundColorOnHost(unboundColor(mean) + statistics.colorScale[v]! * (x[6 * position[v]! + 3 + i % 3]! + color[i]!));
    });
    const decoded = decoder.decode(z);
    expect(decoded.vertices.shape).toEqual([1, V, 3]);
    expectClose(decoded.vertices.dataSync(), vertices, { rtol: 1e-5, atol: 1e-5 });
    expectClose(decoded.colors.dataSync(), colors, { rtol: 1e-5, atol: 1e-5 });
    decoder.dispose();
  });

  it('decodes a batch as it decodes each, and leaves no tensor behind', () => expectNoLeak(() => tf.tidy(() => {
    const decoder = shake(new MeshDecoder(hierarchy, statistics, { ...SMALL, activation: 'elu' }, 1)), z = latentOf(3);
    const inside = tf.memory().numTensors;
    const { vertices, colors } = decoder.decode(z);
    expect(tf.memory().numTensors).toBe(inside + 2);
    for (let b = 0; b < 3; b++) {
      const one = decoder.decode(z.slice([b, 0], [1, 5]));
      expectClose(one.vertices.dataSync(), vertices.slice([b, 0, 0], [1, V, 3]).dataSync());
      expectClose(one.colors.dataSync(), colors.slice([b, 0, 0], [1, V, 3]).dataSync());
    }
    decoder.dispose();
  })));

  it('every parameter and the latent receive a gradient', () => tf.tidy(() => {
    const decoder = shake(new MeshDecoder(hierarchy, statistics, SMALL, 1));
    const z = tf.variable(latentOf(2));
    const { grads } = tf.variableGrads(() => {
      const { vertices, colors } = decoder.decode(z as tf.Tensor2D);
      return vertices.square().sum().add(colors.square().sum()) as tf.Scalar;
    });
    expect(Object.keys(grads).length).toBe(Object.keys(decoder.parameters).length + 1);
    for (const gradient of Object.values(grads)) expect(gradient.abs().sum().dataSync()[0]).toBeGreaterThan(0);
    decoder.dispose();
  }));

  it('colours stay inside (0, 1) and keep a gradient far out', () => tf.tidy(() => {
    const decoder = shake(new MeshDecoder(hierarchy, statistics, SMALL, 1));
    const { colors } = decoder.decode(tf.fill([1, 5], 3));
    expect(colors.min().dataSync()[0]).toBeGreaterThan(0);
    expect(colors.max().dataSync()[0]).toBeLessThan(1);
    expect(tf.grad((z: tf.Tensor) => decoder.decode(z as tf.Tensor2D).colors.sum())(tf.fill([1, 5], 3)).abs().max().dataSync()[0]).toBeGreaterThan(0);
    decoder.dispose();
  }));

  it('a change of latent coordinates changes nothing that is decoded', () => tf.tidy(() => {
    const decoder = shake(new MeshDecoder(hierarchy, statistics, { ...SMALL, linearColorRank: 2 }, 1)), A = normals(25, 3), b = normals(5, 4), z = normals(5, 6);
    const old = decoder.decode(tf.tensor2d(Array.from({ length: 5 }, (_, m) => b[m]! + z.reduce((sum, x, j) => sum + A[m * 5 + j]! * x, 0)), [1, 5]));
    foldLatentTransform(decoder, A, b);
    const now = decoder.decode(tf.tensor2d(Float32Array.from(z), [1, 5]));
    expectClose(now.vertices.dataSync(), old.vertices.dataSync(), { rtol: 1e-4, atol: 1e-4 });
    expectClose(now.colors.dataSync(), old.colors.dataSync(), { rtol: 1e-4, atol: 1e-4 });
    expect(() => foldLatentTransform(decoder, A.slice(1), b)).toThrow('foldLatentTransform: expected transform to have length 5 x 5, got 24');
    decoder.dispose();
  }));

  it('an untrained autoencoder learns two spheres', () => tf.tidy(() => {
    const decoder = new MeshDecoder(hierarchy, statistics, { ...SMALL, linearShapeLevel: null, linearColorLevel: null }, 1), encoder = new MeshEncoder(hierarchy, statistics, SMALL, 2);
    const mean = tf.tensor2d(statistics.vertices, [V, 3]), colors = tf.fill<tf.Rank.R3>([2, V, 3], 0.5);
    const vertices = tf.stack([mean.mul(1.1), mean.mul(0.9)]) as tf.Tensor3D, optimizer = tf.train.adam(0.02);
    const loss = (): tf.Scalar => decoder.decode(encoder.encode({ vertices, colors })).vertices.sub(vertices).abs().mean();
    const before = loss().dataSync()[0]!;
    for (let i = 0; i < 50; i++) optimizer.minimize(loss);
    expect(loss().dataSync()[0]!).toBeLessThan(before / 2);
    expect(encoder.parameterCount).toBeGreaterThan(0);
    decoder.dispose();
    encoder.dispose();
    optimizer.dispose();
  }));
});

it('counts its parameters', () => {
  const decoder = new MeshDecoder(hierarchy, statistics, SMALL, 1), coarse = hierarchy.levels.map(({ vertices }) => vertices.length / 3);
  expect(decoder.parameterCount).toBe(6 * coarse[3]! * 8 + 3 * (8 * 8 + 8 * 6 + 6 * 4 + 4 * 6) + 8 + 6 + 4 + 6 * 3 * (coarse[2]! + coarse[1]!));
  decoder.dispose();
});

it('throws on what does not fit', () => {
  const make = (config: object, stats = statistics): MeshDecoder => new MeshDecoder(hierarchy, stats, config);
  expect(() => make({ filters: [8, 8] })).toThrow('MeshDecoder: expected hierarchy to have 3 levels, one more than config.filters, got 4');
  expect(() => make({ ...SMALL, colour: 1 })).toThrow('only the keys latentSize');
  expect(() => make({ ...SMALL, order: 0 })).toThrow('MeshDecoder: expected config.order to have an integer in [1, 32], got 0');
  expect(() => make({ ...SMALL, linearColorRank: 6 })).toThrow('config.linearColorRank to have an integer in [1, 5] or null, got 6');
  expect(() => make({ ...SMALL, linearShapeLevel: 4 })).toThrow('config.linearShapeLevel to have a level in [0, 3] or null, got 4');
  expect(() => make(SMALL, { ...statistics, vertexScale: new Float32Array(V) })).toThrow('MeshDecoder: expected statistics.vertexScale[0] to have a positive number, got 0');
  const decoder = make({ ...SMALL, ...{ linearShapeLevel: null } });
  expect(() => decoder.decode(tf.ones([1, 6]))).toThrow('MeshDecoder.decode: expected latent to have shape [B,5], got [1,6]');
  expect(() => decoder.injectionMatrix('linearShape')).toThrow('expected linearShape to have a level in the configuration');
  expect(MESH_DECODER_PRESETS.plain.linearShapeLevel).toBeNull();
  decoder.dispose();
});
