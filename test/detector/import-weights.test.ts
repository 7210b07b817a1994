import { describe, expect, it } from 'vitest';
import { ArgumentError, UnsupportedError } from '../../src/core/errors.ts';
import { DETECTOR_PRESETS, DETECTOR_PRESET_NAMES, type DetectorPreset } from '../../src/detector/config.ts';
import { detectorParameterShapes } from '../../src/detector/detector-graph.ts';
import { createDetector, stateFromTensors } from '../../src/detector/detector-tensors.ts';
import { importWeights } from '../../src/detector/import-weights.ts';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import type { SafeTensor } from '../../src/io/safetensors.ts';

const of = (shape: readonly number[], value = 0.5): SafeTensor => ({ dtype: 'F32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) });

/** The tensors of a preset, zeros without data of their own would not do: each number is one half. */
function stateOf(preset: DetectorPreset, rename: (path: string) => string | null = (path) => path): Record<string, SafeTensor> {
  return Object.fromEntries([...detectorParameterShapes(DETECTOR_PRESETS[preset])].flatMap(([path, shape]) => {
    const name = rename(path);
    return name === null ? [] : [[name, of(shape)]];
  }));
}

const bodyOf = (path: string): string | null => (path.startsWith('body.') ? path.slice('body.'.length) : null);

describe('importWeights', () => {
  it.each(DETECTOR_PRESET_NAMES)('recognises %s, whole and with the prefix of data parallelism', (preset) => {
    const state = stateOf(preset), shapes = detectorParameterShapes(DETECTOR_PRESETS[preset]);
    expect(importWeights(state)).toMatchObject({ preset, part: 'detector', prefix: '', unused: [], missing: [], parameters: shapes.size });
    const { tensors, ...rest } = importWeights(Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`module.${name}`, tensor])));
    expect(rest).toEqual({ preset, part: 'detector', prefix: 'module.', unused: [], missing: [], parameters: shapes.size });
    expect(Object.entries(tensors).map(([path, { shape }]) => [path, shape])).toEqual([...shapes]);
  });

  it.each<[string, DetectorPreset]>([['MobileNetV1 x0.25', 'mobilenet0.25'], ['ResNet-50', 'resnet50'], ['ResNet-152', 'paper-resnet152']])('recognises %s of ImageNet and gives its names body. before them', (_, preset) => {
    const { tensors, ...rest } = importWeights({ ...stateOf(preset, bodyOf), 'fc.weight': of([1000, 4]), 'fc.bias': of([1000]) });
    expect(rest).toMatchObject({ preset, part: 'backbone', unused: ['fc.weight', 'fc.bias'], missing: [] });
    expect(Object.keys(tensors).every((path) => path.startsWith('body.'))).toBe(true);
    expect(Object.keys(tensors)).toHaveLength(rest.parameters);
  });

  it('gives a detector that training begins with its backbone', async () => {
    await useCpuBackend();
    const { tensors } = importWeights({ ...stateOf('mobilenet0.25', bodyOf), 'stage1.0.1.num_batches_tracked': { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) } });
    const detector = createDetector(DETECTOR_PRESETS['mobilenet0.25'], 1, stateFromTensors({ tensors })), at = (path: string): Float32Array => detector.network.variable(path).dataSync() as Float32Array;
    expect(at('body.stage1.0.0.weight').every((x) => x === 0.5)).toBe(true);
    expect(at('fpn.output1.0.weight').every((x) => x === 0.5)).toBe(false);
    detector.dispose();
  });

  it('takes several prefixes off, but only from all names at once', () => {
    const state = stateOf('mobilenet0.25'), wrapped = Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`module._orig_mod.${name}`, tensor]));
    expect(importWeights(wrapped).prefix).toBe('module._orig_mod.');
    expect(importWeights({ ...state, 'module.extra': of([1]) })).toMatchObject({ prefix: '', unused: ['module.extra'], part: 'detector' });
  });

  it('keeps counters of batches as they are, where their normalisation is', () => {
    const counter: SafeTensor = { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }, state = { ...stateOf('mobilenet0.25'), 'body.stage1.0.1.num_batches_tracked': counter, 'other.num_batches_tracked': counter };
    const { tensors, unused, parameters } = importWeights(state);
    expect(tensors['body.stage1.0.1.num_batches_tracked']).toBe(counter);
    expect(unused).toEqual(['other.num_batches_tracked']);
    expect(parameters).toBe(Object.keys(stateOf('mobilenet0.25')).length);
  });

  it('writes floating-point numbers of any width as F32', () => {
    const state = stateOf('mobilenet0.25'), bias = 'ClassHead.0.conv1x1.bias', { tensors } = importWeights({ ...state, [bias]: { dtype: 'F64', shape: [4], data: Float64Array.of(0.1, 1, 2, 3) } });
    expect(tensors[bias]).toEqual({ dtype: 'F32', shape: [4], data: Float32Array.of(0.1, 1, 2, 3) });
  });

  it('lists what is missing of a detector, and of a backbone', () => {
    const heads = ['LandmarkHead.0.conv1x1.bias', 'ssh1.conv3X3.0.weight'];
    expect(importWeights(stateOf('resnet50', (path) => (heads.includes(path) ? null : path)))).toMatchObject({ preset: 'resnet50', part: null, missing: heads.toReversed() });
    expect(importWeights(stateOf('mobilenet0.25', (path) => (path === 'body.stage2.0.0.weight' ? null : bodyOf(path))))).toMatchObject({ preset: 'mobilenet0.25', part: null, missing: ['body.stage2.0.0.weight'] });
  });

  it('goes by the preset that it is told', () => {
    const state = stateOf('resnet50', bodyOf), { part, missing, parameters } = importWeights(state, 'paper-resnet152');
    expect(part).toBeNull();
    expect(missing).toHaveLength(775 - parameters);
    expect(() => importWeights(stateOf('mobilenet0.25'), 'paper-mobilenet0.25', 'w.pth')).toThrow(/w\.pth: expected body\.stage1\.0\.0\.weight to have shape \[8,3,7,7\], as paper-mobilenet0\.25 wants it, got \[8,3,3,3\]/);
  });

  it.each<[string, SafeTensor, RegExp]>([
    ['of another shape', of([4, 64, 1, 2]), /expected ClassHead\.0\.conv1x1\.weight to have shape \[4,64,1,1\], as mobilenet0\.25 wants it, got \[4,64,1,2\]/],
    ['of whole numbers', { dtype: 'I32', shape: [4, 64, 1, 1], data: new Int32Array(256) }, /ClassHead\.0\.conv1x1\.weight to have floating-point numbers, got Int32Array/],
    ['with a NaN', of([4, 64, 1, 1], NaN), /ClassHead\.0\.conv1x1\.weight\[0\] to have a finite number \(is the file damaged\?\), got NaN/],
  ])('refuses a tensor %s', (_, tensor, message) => {
    const state = { ...stateOf('mobilenet0.25'), 'ClassHead.0.conv1x1.weight': tensor };
    expect(() => importWeights(state)).toThrow(ArgumentError);
    expect(() => importWeights(state)).toThrow(message);
  });

  it('refuses tensors of no preset, and none', () => {
    expect(() => importWeights({ 'encoder.weight': of([3]) })).toThrow(UnsupportedError);
    expect(() => importWeights({ 'encoder.weight': of([3]) })).toThrow(/a file whose tensors are of none of mobilenet0\.25, .*\(encoder\.weight, \.\.\.\) is not supported; give the weights of one of these/);
    expect(() => importWeights({}, 'resnet50')).toThrow(/of none of resnet50/);
  });
});
