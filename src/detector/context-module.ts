import type { NetworkBuilder } from '../nn/network.ts';
import type { DetectorConfig } from './config.ts';
import { neckSlope } from './pyramid.ts';

/**
 * The context module of one level (SSH, Najibi et al., ICCV 2017): one, two and three 3 x 3 convolutions in a row see 3, 5 and 7 cells; half, a quarter and
 * a quarter of the channels, side by side.
 *
 * @param level - Counts from 1: the module's parameters are its own.
 */
export function addContextModule(network: NetworkBuilder, x: string, level: number, { channels, deformable }: DetectorConfig): string {
  network.stage = 'context';
  const path = `ssh${level}`, leak = neckSlope(channels);
  const conv = (input: string, name: string, width: number, slope: number): string =>
    network.conv2d(input, `${path}.${name}.0`, width, { kernel: 3, deformable, norm: `${path}.${name}.1`, slope });
  const three = conv(x, 'conv3X3', channels / 2, 1);
  const shared = conv(x, 'conv5X5_1', channels / 4, leak);
  const five = conv(shared, 'conv5X5_2', channels / 4, 1);
  const seven = conv(conv(shared, 'conv7X7_2', channels / 4, leak), 'conv7x7_3', channels / 4, 1);
  return network.concat([three, five, seven], path, 0);
}
