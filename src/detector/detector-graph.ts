import { ArgumentError } from '../core/errors.ts';
import { NetworkBuilder, type NetworkGraph } from '../nn/network.ts';
import { stateShapes } from '../nn/state-dict.ts';
import type { DetectorConfig } from './config.ts';
import { addContextModule } from './context-module.ts';
import { addHeads } from './heads.ts';
import { addMobileNet } from './mobilenet.ts';
import { addPyramid } from './pyramid.ts';
import { addResNet, RESNET_BLOCKS } from './resnet.ts';

/** A detector's layers and the names of what stands between its parts. */
export interface DetectorGraph {
  readonly graph: NetworkGraph;
  /** Maps of the backbone that the pyramid stands on, finest first. */
  readonly backbone: readonly string[];
  /** Levels of the pyramid, finest first. */
  readonly pyramid: readonly string[];
  /** What the heads see, one a level. */
  readonly context: readonly string[];
}

/**
 * Backbone, feature pyramid, context modules and heads.
 *
 * @throws {@link ArgumentError} if the levels of `config` do not fit its backbone.
 */
export function detectorGraph(config: DetectorConfig): DetectorGraph {
  const network = new NetworkBuilder('image', 3), backbone = addBackbone(network, config);
  const pyramid = addPyramid(network, backbone, config);
  const context = pyramid.map((level, i) => addContextModule(network, level, i + 1, config));
  const heads = context.flatMap((level, i) => addHeads(network, level, i, config));
  return { graph: network.build(heads), backbone, pyramid, context };
}

function addBackbone(network: NetworkBuilder, { backbone, levels }: DetectorConfig): string[] {
  const maps = backbone === 'mobilenet0.25' ? addMobileNet(network, 'published')
    : backbone === 'paper-mobilenet0.25' ? addMobileNet(network, 'paper')
    : addResNet(network, RESNET_BLOCKS[backbone]);
  const strides = maps.length === 4 ? [4, 8, 16, 32] : [8, 16, 32], first = strides.indexOf(levels[0]?.stride ?? 0);
  const fits = first >= 0 && levels.every(({ stride }, i) => stride === strides[first]! * 2 ** i) && first + levels.length >= strides.length;
  if (!fits) throw new ArgumentError('detectorGraph', 'levels', `strides that double from one of ${strides} to 32 or beyond`, `${levels.map(({ stride }) => stride)}`);
  return maps.slice(first);
}

/** Shapes of all parameters and running statistics of a detector, by PyTorch path, in PyTorch's layout. */
export const detectorParameterShapes = (config: DetectorConfig): Map<string, readonly number[]> => stateShapes(detectorGraph(config).graph);
