import type { StateDict } from '../nn/state-dict.ts';
import type { DetectorConfig } from './config.ts';
import type { AnchorKind } from './head-sample.ts';
import { DENSE_NUMBERS } from './heads.ts';
import type { DenseHead } from './train-dense-head.ts';

/**
 * The parameters of a detector's dense heads, `DenseHead.*`, by PyTorch path and in PyTorch's layout: those of one kind of anchor, zero for all others, which stand for the mean face.
 *
 * With them and the detector's own, `new Detector({ ...config, dense: true }, { ...state, ...heads })` says the head's numbers at that anchor.
 */
export function denseHeadState({ levels, channels, sharedHeads }: DetectorConfig, { level, slot }: AnchorKind, { weight, bias }: DenseHead): StateDict {
  const sets = sharedHeads ? [0] : [...levels.keys()];
  return Object.fromEntries(sets.flatMap((set) => {
    const outputs = levels[set]!.anchorSizes.length * DENSE_NUMBERS, data = new Float32Array(outputs * channels), offsets = new Float32Array(outputs), first = slot * DENSE_NUMBERS;
    if (sharedHeads || set === level) {
      for (let n = 0; n < DENSE_NUMBERS; n++) for (let c = 0; c < channels; c++) data[(first + n) * channels + c] = weight[c * DENSE_NUMBERS + n]!;
      offsets.set(bias, first);
    }
    return [[`DenseHead.${set}.conv1x1.weight`, { shape: [outputs, channels, 1, 1], data }], [`DenseHead.${set}.conv1x1.bias`, { shape: [outputs], data: offsets }]];
  }));
}
