import type { NetworkBuilder } from '../nn/network.ts';
import type { DetectorConfig } from './config.ts';

/** The 144 numbers of the dense branch. */
export const DENSE_NUMBERS = 144;

/** Heads by the prefix of their parameters, with the numbers that each gives an anchor. */
export function headWidths({ landmarks, dense }: DetectorConfig): Record<string, number> {
  return { ClassHead: 2, BboxHead: 4, LandmarkHead: 2 * landmarks, ...(dense && { DenseHead: DENSE_NUMBERS }) };
}

/** Name of the map of one head on one level, which counts from 0. */
export const headOutput = (head: string, level: number): string => `${head}@${level}`;

/** 1 x 1 convolutions on one level, each cell's anchors side by side in the channels. */
export function addHeads(network: NetworkBuilder, x: string, level: number, config: DetectorConfig): string[] {
  network.stage = 'heads';
  const anchors = config.levels[level]!.anchorSizes.length, set = config.sharedHeads ? 0 : level;
  return Object.entries(headWidths(config)).map(([head, width]) =>
    network.conv2d(x, `${head}.${set}.conv1x1`, anchors * width, { bias: true, initializer: head === 'DenseHead' ? 'zeros' : 'small', name: headOutput(head, level) }));
}
