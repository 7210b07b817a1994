import { expect, it } from 'vitest';
import { DETECTOR_PRESETS, resolveDetectorConfig } from '../../src/detector/config.ts';
import { detectorGraph } from '../../src/detector/detector-graph.ts';
import { describeNetwork } from '../../src/nn/describe-network.ts';
import { stateShapes } from '../../src/nn/state-dict.ts';

const parameters = (preset: keyof typeof DETECTOR_PRESETS): number => describeNetwork(detectorGraph(DETECTOR_PRESETS[preset]).graph, 64, 64).reduce((sum, node) => sum + node.parameters, 0);
const byStage = (preset: keyof typeof DETECTOR_PRESETS): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { stage, parameters: count } of describeNetwork(detectorGraph(DETECTOR_PRESETS[preset]).graph, 64, 64)) sums[stage] = (sums[stage] ?? 0) + count;
  return sums;
};

it('has the parameters of the published networks, part by part', () => {
  expect(parameters('mobilenet0.25')).toBe(426_608);
  expect(byStage('mobilenet0.25')).toEqual({ backbone: 213_072, pyramid: 103_040, context: 104_256, heads: 6240 });
  expect(parameters('resnet50')).toBe(27_293_600);
});

it('names every parameter of the published file and no other', () => {
  const shapes = stateShapes(detectorGraph(DETECTOR_PRESETS['mobilenet0.25']).graph);
  expect(shapes.size).toBe(300 - 47); // the file's 300 tensors less one a normalisation, which counts batches
  expect(shapes.get('body.stage1.0.0.weight')).toEqual([8, 3, 3, 3]);
  expect(shapes.get('body.stage3.1.0.weight')).toEqual([256, 1, 3, 3]);
  expect(shapes.get('ssh2.conv7x7_3.1.running_var')).toEqual([16]);
  expect(shapes.get('LandmarkHead.2.conv1x1.bias')).toEqual([20]);
});

it('puts the levels of each preset where their strides say', () => {
  for (const [preset, config] of Object.entries(DETECTOR_PRESETS)) {
    const { graph, pyramid, context } = detectorGraph(config), nodes = new Map(describeNetwork(graph, 640, 320).map((node) => [node.name, node]));
    for (const names of [pyramid, context]) {
      expect(names.map((name) => nodes.get(name)!.shape), preset).toEqual(config.levels.map(({ stride }) => [640 / stride, 320 / stride, config.channels]));
    }
  }
});

it('merges with the merged level above, or with its lateral connection', () => {
  const coarse = (topDown: 'recursive' | 'lateral'): string => detectorGraph(resolveDetectorConfig('mobilenet0.25', { topDown })).graph.nodes.find(({ name }) => name === 'fpn.sum1')!.inputs[1]!;
  expect(coarse('recursive')).toBe('fpn.merge2.0');
  expect(coarse('lateral')).toBe('fpn.output2.0');
});

it('counts shared heads once', () => {
  const heads = (sharedHeads: boolean): number => describeNetwork(detectorGraph(resolveDetectorConfig('mobilenet0.25', { sharedHeads })).graph, 64, 64).reduce((sum, { stage, parameters: count }) => sum + (stage === 'heads' ? count : 0), 0);
  expect(heads(true)).toBe(heads(false) / 3);
});

it('refuses levels that do not fit the backbone', () => {
  expect(() => detectorGraph(resolveDetectorConfig('mobilenet0.25', { levels: [{ stride: 4, anchorSizes: [8] }] }))).toThrow('detectorGraph: expected levels to have strides that double from one of 8,16,32 to 32 or beyond, got 4');
  expect(() => detectorGraph(resolveDetectorConfig('resnet50', { levels: [] }))).toThrow('expected levels');
});
