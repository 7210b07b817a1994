import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random.ts';
import { DETECTOR_PRESETS, resolveDetectorConfig } from '../../src/detector/config.ts';
import { Detector } from '../../src/detector/detector.ts';
import { detectorGraph } from '../../src/detector/detector-graph.ts';
import { createDetector, detectorFromTensors, recognizePreset, stateFromTensors } from '../../src/detector/detector-tensors.ts';
import { scaledImage, scalePixels } from '../../src/detector/scale-pixels.ts';
import { readSafetensors, writeSafetensors } from '../../src/io/safetensors.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { initialState, type StateDict, stateShapes } from '../../src/nn/state-dict.ts';
import { expectClose } from '../support/close.ts';

const LIGHT = resolveDetectorConfig('mobilenet0.25');
const initial = (config = LIGHT): StateDict => initialState(detectorGraph(config).graph, createRandom(2));
const picture = (height: number, width: number): tf.Tensor4D => tf.randomUniform([1, height, width, 3], 0, 255, 'float32', 4);

beforeAll(useWasmBackend);

it('answers for every anchor at sizes that no stride divides', () => {
  const detector = new Detector(LIGHT, initial()), anchors = 2 * (Math.ceil(70 / 8) * Math.ceil(45 / 8) + 5 * 3 + 3 * 2);
  const { logits, boxDeltas, landmarkDeltas, dense } = detector.predict(picture(70, 45));
  expect([logits.shape, boxDeltas.shape, landmarkDeltas.shape, dense]).toEqual([[1, anchors, 2], [1, anchors, 4], [1, anchors, 10], null]);
  detector.dispose();
});

it('gives every other output to the bit whether the dense head is on or off', () => {
  const withDense = resolveDetectorConfig('mobilenet0.25', { dense: true }), images = picture(64, 96);
  const [off, on] = [LIGHT, withDense].map((config) => new Detector(config, initial(config)).predict(images));
  expect(on!.dense!.shape).toEqual([1, on!.logits.shape[1], 144]);
  for (const name of ['logits', 'boxDeltas', 'landmarkDeltas'] as const) expect(on![name].dataSync()).toEqual(off![name].dataSync());
});

it('runs the presets of stride-4 stem and of ResNet-50', () => {
  for (const [preset, anchors] of [['paper-mobilenet0.25', 3 * (8 * 8 + 4 * 4 + 2 * 2)], ['resnet50', 2 * (8 * 8 + 4 * 4 + 2 * 2)]] as const) {
    const detector = createDetector(DETECTOR_PRESETS[preset], 1, {}, 'folded'), { logits } = detector.predict(picture(64, 64));
    expect(logits.shape).toEqual([1, anchors, 2]);
    expect(logits.dataSync().every(Number.isFinite)).toBe(true);
    detector.dispose();
  }
});

it('runs the ResNet-152 of the paper: deformable, P2 to P6', () => {
  const config = DETECTOR_PRESETS['paper-resnet152'], { graph } = detectorGraph(config);
  // Drawn numbers would take seconds; these are as many and as varied.
  const state = Object.fromEntries([...stateShapes(graph)].map(([path, shape]) => {
    const length = shape.reduce((product, n) => product * n, 1), scale = path.endsWith('running_var') ? 0 : shape.length === 1 ? 0.5 : Math.sqrt(3 / (length / shape[0]!));
    return [path, { shape, data: new Float32Array(length).map((_, i) => (scale ? scale * ((Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** 31 - 1) : 1)) }];
  }));
  const detector = new Detector(config, state), { logits } = detector.predict(picture(64, 64));
  expect(logits.shape).toEqual([1, 3 * (16 * 16 + 8 * 8 + 4 * 4 + 2 * 2 + 1), 2]);
  expect(logits.dataSync().every(Number.isFinite)).toBe(true);
  detector.dispose();
});

it('is not changed by deformable convolutions whose offsets are zero, and is by others', () => {
  const config = resolveDetectorConfig('mobilenet0.25', { deformable: true }), state = initial(config), images = picture(64, 96);
  const moved = Object.fromEntries(Object.entries(state).map(([path, entry]) => [path, path.endsWith('.offset.bias') ? { ...entry, data: entry.data.map(() => 0.4) } : entry]));
  const [plain, still, shifted] = [new Detector(LIGHT, initial()), new Detector(config, state), new Detector(config, moved)].map((detector) => detector.predict(images).boxDeltas.dataSync<'float32'>());
  const largest = Math.max(...plain!);
  expectClose(still!, plain!, { rtol: 0, atol: 1e-5 * largest });
  expect(Math.max(...shifted!.map((x, i) => Math.abs(x - plain![i]!)))).toBeGreaterThan(0.01 * largest);
});

it('scales pixels on the host as on the backend', () => {
  const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => (i * 37) % 256), rgb = Array.from({ length: 6 }, (_, i) => [...data.subarray(4 * i, 4 * i + 3)]);
  const scaling = { order: 'bgr', mean: [104, 117, 123], deviation: [1, 2, 4] } as const;
  const onHost = scaledImage({ width: 3, height: 2, channels: 4, data }, scaling), onBackend = scalePixels(tf.tensor4d(rgb.flat(), [1, 2, 3, 3]), scaling);
  expect(onHost.shape).toEqual([1, 2, 3, 3]);
  expect(onHost.dataSync()).toEqual(onBackend.dataSync());
  expect(onHost.dataSync().slice(0, 3)).toEqual(Float32Array.of(data[2]! - 104, (data[1]! - 117) / 2, (data[0]! - 123) / 4));
});

it('is recognised by its tensors, through a file', () => {
  const tensors = Object.fromEntries(Object.entries(initial()).map(([path, { shape, data }]) => [path, { dtype: 'F32' as const, shape, data }]));
  const counted = { ...tensors, 'body.stage1.0.1.num_batches_tracked': { dtype: 'I64' as const, shape: [], data: BigInt64Array.of(3n) } };
  const file = readSafetensors(writeSafetensors(counted));
  expect(recognizePreset(stateFromTensors(file))).toBe('mobilenet0.25');
  expect(detectorFromTensors(file).config).toEqual(LIGHT);
  const { 'ClassHead.0.conv1x1.bias': _, ...less } = tensors;
  expect(() => detectorFromTensors(readSafetensors(writeSafetensors(less)))).toThrow('detectorFromTensors: expected tensors to have the parameters of one of mobilenet0.25');
  expect(() => detectorFromTensors(readSafetensors(writeSafetensors(less)), 'mobilenet0.25')).toThrow('Detector: expected state to have all 253 entries of the network, got none for ClassHead.0.conv1x1.bias');
  expect(() => stateFromTensors({ tensors: { n: { dtype: 'I32', shape: [1], data: Int32Array.of(1) } } })).toThrow('stateFromTensors: expected n to have floating-point numbers, got Int32Array');
});

it('takes a backbone alone and draws the rest', () => {
  const backbone = Object.fromEntries(Object.entries(initial()).filter(([path]) => path.startsWith('body.')).map(([path, entry]) => [path, { ...entry, data: entry.data.map((x) => x + 1) }]));
  const state = createDetector(LIGHT, 7, backbone).network.state(), drawn = createDetector(LIGHT, 7).network.state();
  expect(state['body.stage2.0.0.weight']).toEqual(backbone['body.stage2.0.0.weight']);
  expect(state['fpn.merge1.0.weight']).toEqual(drawn['fpn.merge1.0.weight']);
});

it('refuses a picture of another shape', () => {
  const detector = new Detector(LIGHT, initial());
  expect(() => detector.predict(tf.zeros([1, 8, 8, 4]))).toThrow('Detector.predict: expected images to have shape [B,H,W,3], got [1,8,8,4]');
});
