import type { NetworkBuilder } from '../nn/network.ts';

/** Bottleneck blocks per stage. He et al., CVPR 2016, table 1. */
export const RESNET_BLOCKS = { resnet50: [3, 4, 6, 3], resnet152: [3, 8, 36, 3] } as const;

/**
 * A residual network of bottlenecks, named as torchvision's; the stride is on the 3 x 3 convolution, as there.
 *
 * @returns C2 to C5, of strides 4, 8, 16 and 32 and 256, 512, 1024 and 2048 channels.
 */
export function addResNet(network: NetworkBuilder, blocks: readonly number[]): string[] {
  network.stage = 'backbone';
  const stem = network.conv2d(network.input, 'body.conv1', 64, { kernel: 7, stride: 2, norm: 'body.bn1', slope: 0 });
  let x = network.maxPool(stem, 'body.maxpool', 3, 2);
  return blocks.map((count, stage) => {
    for (let block = 0; block < count; block++) x = addBottleneck(network, x, `body.layer${stage + 1}.${block}`, 64 << stage, stage > 0 && block === 0 ? 2 : 1, block === 0);
    return x;
  });
}

function addBottleneck(network: NetworkBuilder, x: string, path: string, width: number, stride: number, project: boolean): string {
  const narrow = network.conv2d(x, `${path}.conv1`, width, { norm: `${path}.bn1`, slope: 0 });
  const middle = network.conv2d(narrow, `${path}.conv2`, width, { kernel: 3, stride, norm: `${path}.bn2`, slope: 0 });
  const wide = network.conv2d(middle, `${path}.conv3`, 4 * width, { norm: `${path}.bn3` });
  const shortcut = project ? network.conv2d(x, `${path}.downsample.0`, 4 * width, { stride, norm: `${path}.downsample.1` }) : x;
  return network.add(wide, shortcut, path, 0);
}
