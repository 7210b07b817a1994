import type { NetworkBuilder } from '../nn/network.ts';

/** Slope for negative numbers throughout the backbone. */
const SLOPE = 0.1;

/** Channels and stride of the depthwise-separable blocks, per stage. MobileNetV1, arXiv 1704.04861, at a quarter of its width. */
const STAGES = [
  [[16, 1], [32, 2], [32, 1], [64, 2], [64, 1]],
  [[128, 2], [128, 1], [128, 1], [128, 1], [128, 1], [128, 1]],
  [[256, 2], [256, 1]],
] as const;

/**
 * MobileNetV1 at a quarter of its width, laid out and named as in the published RetinaFace weights.
 *
 * @param stem - `published`: 3 x 3 of stride 2, then a block of stride 2. `paper`: 7 x 7 of stride 4, and that block has stride 1.
 * @returns C3, C4 and C5, of strides 8, 16 and 32.
 */
export function addMobileNet(network: NetworkBuilder, stem: 'published' | 'paper'): string[] {
  network.stage = 'backbone';
  let x = network.conv2d(network.input, 'body.stage1.0.0', 8, { ...(stem === 'paper' ? { kernel: 7, stride: 4 } : { kernel: 3, stride: 2 }), norm: 'body.stage1.0.1', slope: SLOPE });
  return STAGES.map((blocks, stage) => {
    for (const [index, [channels, stride]] of blocks.entries()) {
      const path = `body.stage${stage + 1}.${stage === 0 ? index + 1 : index}`;
      x = network.conv2d(x, `${path}.0`, network.channels(x), { kernel: 3, stride: stem === 'paper' && path === 'body.stage1.2' ? 1 : stride, depthwise: true, norm: `${path}.1`, slope: SLOPE });
      x = network.conv2d(x, `${path}.3`, channels, { norm: `${path}.4`, slope: SLOPE });
    }
    return x;
  });
}
