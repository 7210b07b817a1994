import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { foldBatchNorm } from '../../src/nn/fold-batch-norm.ts';
import { NetworkBuilder, type NetworkGraph } from '../../src/nn/network.ts';
import { NetworkModel } from '../../src/nn/network-model.ts';
import { initialState, type StateDict, stateShapes } from '../../src/nn/state-dict.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectClose } from '../support/close.ts';
import { normals } from '../support/graphs.ts';

// Every node that a network may have, at odd sizes.
function smallGraph(): NetworkGraph {
  const network = new NetworkBuilder('image', 3);
  const stem = network.conv2d('image', 'stem.0', 6, { kernel: 3, stride: 2, norm: 'stem.1', slope: 0.1 });
  const deep = network.conv2d(stem, 'deep.0', 6, { kernel: 3, stride: 2, depthwise: true, norm: 'deep.1', slope: 0 });
  const sum = network.upsampleAdd(stem, network.conv2d(deep, 'wide.0', 6, { norm: 'wide.1' }), 'sum');
  const pooled = network.maxPool(network.concat([sum, stem], 'both', 0.1), 'pooled', 3, 2);
  return network.build([network.add(pooled, network.conv2d(pooled, 'head', 12, { bias: true }), 'out', 0)]);
}

// Parameters far from their start, so that each one matters.
function stirredState(graph: NetworkGraph, seed = 5): StateDict {
  const random = createRandom(seed), drawn = initialState(graph, random);
  return Object.fromEntries(Object.entries(drawn).map(([path, { shape, data }]) => [path, { shape, data: data.map((x) => x + (path.endsWith('running_var') ? random.uniform(0, 2) : random.normal(0, 0.3))) }]));
}

const image = (): tf.Tensor4D => tf.tensor4d(Float32Array.from(normals(2 * 11 * 13 * 3, 3)), [2, 11, 13, 3]);

describeOnBackends('NetworkModel', () => {
  it('gives the same folded as unfolded', () => {
    const graph = smallGraph(), state = stirredState(graph), folded = foldBatchNorm({ graph, state });
    const models = [new NetworkModel(graph, state), new NetworkModel(folded.graph, folded.state)];
    const [plain, fast] = models.map((model) => model.run(image()).out!.dataSync<'float32'>());
    const largest = plain!.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    expect(largest).toBeGreaterThan(0.1);
    expectClose(fast!, plain!, { rtol: 0, atol: 1e-5 * largest });
    for (const model of models) model.dispose();
  });

  it('works out each node as it is defined, by hand in float64', () => {
    const network = new NetworkBuilder('image', 1), graph = network.build([network.conv2d('image', 'a', 1, { kernel: 3, bias: true, norm: 'n', slope: 0.5 })]);
    const one = (value: number): { shape: number[]; data: Float32Array } => ({ shape: [1], data: Float32Array.of(value) });
    const model = new NetworkModel(graph, {
      'a.weight': { shape: [1, 1, 3, 3], data: Float32Array.of(0, 1, 0, 0, 2, 3, 0, 0, 0) }, 'a.bias': one(1), 'n.weight': one(2), 'n.bias': one(-1), 'n.running_mean': one(4), 'n.running_var': one(9 - 1e-5),
    });
    // 2 x + 3 (right neighbour) + 1 (upper neighbour) + 1, then 2 (y - 4) / 3 - 1, then half of what is negative
    expectClose(model.run(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).a!.dataSync(), [9, 5, 20, 11].map((y) => 2 * (y - 4) / 3 - 1).map((y) => (y < 0 ? y / 2 : y)));
    model.dispose();
  });

  it('frees what nothing reads any more, and leaks nothing', () => {
    const graph = smallGraph(), model = new NetworkModel(graph, initialState(graph, createRandom(1))), input = image(), before = tf.memory().numTensors;
    let most = 0;
    const maps = model.run(input, { onNode: () => { most = Math.max(most, tf.memory().numTensors - before); } });
    expect(most).toBeLessThanOrEqual(3);
    tf.dispose(maps);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(input);
    model.dispose();
  });

  it('hands out maps from the middle and runs no further than they need', () => {
    const graph = smallGraph(), model = new NetworkModel(graph, initialState(graph, createRandom(1))), seen: string[] = [];
    const maps = model.run(image(), { outputs: ['sum'], onNode: ({ name }) => seen.push(name) });
    expect(maps.sum!.shape).toEqual([2, 6, 7, 6]);
    expect(seen).toEqual(['stem.0', 'deep.0', 'wide.0', 'sum']);
    expect(() => model.run(image(), { outputs: ['nowhere'] })).toThrow('NetworkModel.run: expected outputs to have names of nodes, got nowhere');
    model.dispose();
  });

  it('normalises a training batch by its own statistics and moves the running ones', () => {
    const network = new NetworkBuilder('image', 2), graph = network.build([network.conv2d('image', 'a', 2, { norm: 'n' })]);
    const state = { ...initialState(graph, createRandom(1)), 'a.weight': { shape: [2, 2, 1, 1], data: Float32Array.of(1, 0, 0, 1) } }, model = new NetworkModel(graph, state);
    const y = model.run(tf.tensor4d([1, 10, 3, 10, 5, 40, 7, 20], [1, 2, 2, 2]), { training: true }).a!.dataSync();
    expectClose(y.filter((_, i) => i % 2 === 0), [-3, -1, 1, 3].map((x) => x / Math.sqrt(5 + 1e-5)));
    expectClose(model.variable('n.running_mean').dataSync(), [0.4, 2]);
    expectClose(model.variable('n.running_var').dataSync(), [0.9 + 0.1 * 20 / 3, 0.9 + 0.1 * 200]);
    model.dispose();
  });
});

it('keeps frozen parts still: their statistics too, and no gradient finds them', () => {
  const graph = smallGraph(), state = stirredState(graph), model = new NetworkModel(graph, state, ['stem.']);
  expect(Object.keys(model.trained)).toEqual([...stateShapes(graph).keys()].filter((path) => !path.startsWith('stem.') && !/running_/.test(path)));
  tf.tidy(() => model.run(image(), { training: true }));
  const after = model.state();
  expect(after['stem.1.running_mean']).toEqual(state['stem.1.running_mean']);
  expect(after['deep.1.running_mean']).not.toEqual(state['deep.1.running_mean']);
  model.dispose();
});

it('trains: gradients reach every trained parameter', async () => {
  const { useCpuBackend } = await import('../../src/kernels/cpu/index.ts');
  await useCpuBackend();
  const graph = smallGraph(), model = new NetworkModel(graph, stirredState(graph));
  const { grads } = tf.variableGrads(() => tf.sum(tf.square(model.run(image(), { training: true }).out!)), Object.values(model.trained));
  expect(Object.keys(grads).length).toBe(Object.keys(model.trained).length);
  for (const [name, gradient] of Object.entries(grads)) expect(gradient.dataSync().some((x) => x !== 0 && Number.isFinite(x)), name).toBe(true);
  model.dispose();
});

it('gives back the numbers that it took, in PyTorch layout', () => {
  const graph = smallGraph(), state = stirredState(graph), model = new NetworkModel(graph, state);
  expect(model.state()).toEqual(state);
  model.dispose();
});

it('draws the same start for the same seed, and the same for a part when another is added', () => {
  const graph = smallGraph(), extended = { ...graph, nodes: graph.nodes.filter(({ name }) => name !== 'wide.0') };
  expect(initialState(graph, createRandom(3))).toEqual(initialState(graph, createRandom(3)));
  expect(initialState(extended, createRandom(3))['head.weight']).toEqual(initialState(graph, createRandom(3))['head.weight']);
});

it('says which parameters do not fit', () => {
  const graph = smallGraph(), state = initialState(graph, createRandom(1)), { 'head.bias': _, ...less } = state;
  expect(() => new NetworkModel(graph, less)).toThrow('NetworkModel: expected state to have all 17 entries of the network, got none for head.bias');
  expect(() => new NetworkModel(graph, { ...state, more: state['head.bias']! })).toThrow('only the 17 entries of the network, got also more');
  expect(() => new NetworkModel(graph, { ...state, 'head.bias': { shape: [3], data: new Float32Array(3) } })).toThrow('NetworkModel: expected head.bias to have shape [12], got [3] of 3 numbers');
  expect(() => new NetworkModel(graph, { ...state, 'head.bias': { shape: [12], data: new Float32Array(12).fill(NaN) } })).toThrow('expected head.bias[0] to have a finite number, got NaN');
  expect(() => new NetworkModel(graph, state).variable('tail')).toThrow('NetworkModel.variable: expected path to have the name of a parameter, got tail');
});
