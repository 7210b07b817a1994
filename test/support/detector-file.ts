import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRandom } from '../../src/core/random.ts';
import { resolveDetectorConfig } from '../../src/detector/config.ts';
import { detectorGraph } from '../../src/detector/detector-graph.ts';
import { readPth } from '../../src/io/pth.ts';
import { type SafeTensor, writeSafetensors } from '../../src/io/safetensors.ts';
import { initialState } from '../../src/nn/state-dict.ts';

/** The published weights, beside the checkout, not in it. */
export const PUBLISHED_WEIGHTS = '../shared/data/weights/retinaface_mobilenet0.25.pth';
export const NO_PUBLISHED_WEIGHTS = existsSync(PUBLISHED_WEIGHTS) ? '' : ` [skipped: no ${PUBLISHED_WEIGHTS}]`;

/** Their tensors under the names of our networks. */
export async function publishedTensors(): Promise<Record<string, SafeTensor>> {
  const { tensors } = await readPth(new Uint8Array(readFileSync(PUBLISHED_WEIGHTS)), PUBLISHED_WEIGHTS);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
}

/** Where the points of a face are, in shares of its anchor, off its centre. */
const POINTS = [-0.2, -0.15, 0.2, -0.15, 0, 0.05, -0.15, 0.22, 0.15, 0.22];

/** Writes a detector that was never trained: it finds faces at random, boxes near their anchors, with points where a face has them. */
export function writeDetectorFile(path: string, seed = 3): void {
  const state = initialState(detectorGraph(resolveDetectorConfig('mobilenet0.25')).graph, createRandom(seed));
  const numbers = (name: string, data: Float32Array): Float32Array => {
    if (/^LandmarkHead.*bias$/.test(name)) return data.map((_, i) => POINTS[i % 10]! / 0.1);
    return /Head.*weight$/.test(name) ? data.map((x) => 0.01 * x) : data; // pixels are not scaled down on their way: all is large
  };
  writeFileSync(path, writeSafetensors(Object.fromEntries(Object.entries(state).map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data: numbers(name, data) }]))));
}
