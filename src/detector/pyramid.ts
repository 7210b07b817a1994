import type { NetworkBuilder } from '../nn/network.ts';
import type { DetectorConfig } from './config.ts';

/** Slope for negative numbers of pyramid and context modules: the published code leaks only where they are narrow. */
export const neckSlope = (channels: number): number => (channels <= 64 ? 0.1 : 0);

/**
 * The feature pyramid (Lin et al., CVPR 2017): a 1 x 1 lateral connection per map of the backbone, each finer level plus the up-sampled coarser one, then
 * smoothed by a 3 x 3 convolution. Levels beyond the backbone's maps come from a 3 x 3 convolution of stride 2, the first of them on C5.
 *
 * @param maps - Maps of the backbone, finest first; the pyramid begins at the first.
 * @returns The levels, finest first.
 */
export function addPyramid(network: NetworkBuilder, maps: readonly string[], { channels, levels, topDown, deformable }: DetectorConfig): string[] {
  network.stage = 'pyramid';
  const slope = neckSlope(channels);
  const lateral = maps.map((map, i) => network.conv2d(map, `fpn.output${i + 1}.0`, channels, { norm: `fpn.output${i + 1}.1`, slope }));
  const merged = [...lateral];
  for (let i = maps.length - 2; i >= 0; i--) {
    const sum = network.upsampleAdd(lateral[i]!, (topDown === 'recursive' ? merged : lateral)[i + 1]!, `fpn.sum${i + 1}`);
    merged[i] = network.conv2d(sum, `fpn.merge${i + 1}.0`, channels, { kernel: 3, deformable, norm: `fpn.merge${i + 1}.1`, slope });
  }
  for (let i = maps.length; i < levels.length; i++) {
    merged.push(network.conv2d(i === maps.length ? maps.at(-1)! : merged.at(-1)!, `fpn.output${i + 1}.0`, channels, { kernel: 3, stride: 2, norm: `fpn.output${i + 1}.1`, slope }));
  }
  return merged;
}
