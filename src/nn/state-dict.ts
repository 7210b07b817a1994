import { ArgumentError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { heNormal } from './initializers.ts';
import type { Conv2dNode, NetworkGraph } from './network.ts';

/** Numbers of one parameter in PyTorch's layout: a convolution is `[out, in, height, width]`, a depthwise one `[channels, 1, height, width]`. */
export interface StateEntry {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameters and running statistics by their path, as PyTorch's `state_dict` has them. */
export type StateDict = Readonly<Record<string, StateEntry>>;

/** Added to the variance under the root of a batch normalisation. */
export const NORM_EPSILON = 1e-5;

/** Ends of the paths of a batch normalisation's numbers: scale, shift, mean and variance. */
export const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** Offsets (two a tap) and mask (one a tap) of a deformable convolution, from an ordinary one. */
export const offsetChannels = ({ kernel }: Conv2dNode): number => 3 * kernel * kernel;

/** Shapes of all parameters and running statistics of a network by path, in the order of its nodes; shared ones once. */
export function stateShapes(graph: NetworkGraph): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const node of graph.nodes) {
    if (node.op !== 'conv2d') continue;
    const { path, inChannels, outChannels, kernel, depthwise, deformable, bias, norm } = node;
    shapes.set(`${path}.weight`, [outChannels, depthwise ? 1 : inChannels, kernel, kernel]);
    if (bias) shapes.set(`${path}.bias`, [outChannels]);
    if (deformable) {
      shapes.set(`${path}.offset.weight`, [offsetChannels(node), inChannels, kernel, kernel]);
      shapes.set(`${path}.offset.bias`, [offsetChannels(node)]);
    }
    if (norm !== null) for (const part of NORM_PARTS) shapes.set(`${norm}.${part}`, [outChannels]);
  }
  return shapes;
}

/** Whether a path names a running statistic: no gradient reaches it, and it counts as no parameter. */
export const isStatistic = (path: string): boolean => path.endsWith('.running_mean') || path.endsWith('.running_var');

/**
 * Numbers to begin training with: weights by He's rule (heads small, as in focal-loss detectors; offsets zero), scales and variances 1, all else 0. Each
 * is drawn from a stream of its own, so that the rest keeps its bits when a part is added.
 */
export function initialState(graph: NetworkGraph, random: Random): StateDict {
  const state: Record<string, StateEntry> = {};
  const shapes = stateShapes(graph), sizes = (path: string): { shape: readonly number[]; length: number } => ({ shape: shapes.get(path)!, length: shapes.get(path)!.reduce((a, b) => a * b, 1) });
  const fill = (path: string, value: number): void => {
    const { shape, length } = sizes(path);
    state[path] = { shape, data: new Float32Array(length).fill(value) };
  };
  for (const path of shapes.keys()) fill(path, 0);
  for (const node of graph.nodes) {
    if (node.op !== 'conv2d') continue;
    if (node.norm !== null) for (const part of ['weight', 'running_var']) fill(`${node.norm}.${part}`, 1);
    const path = `${node.path}.weight`, { shape, length } = sizes(path), stream = random.fork(path);
    if (node.initializer === 'he') state[path] = { shape, data: heNormal(stream, length, length / node.outChannels, 0) };
    if (node.initializer === 'small') state[path] = { shape, data: Float32Array.from({ length }, () => stream.normal(0, 0.01)) };
  }
  return state;
}

/**
 * Checks that `state` holds the numbers of `graph` and nothing else.
 *
 * @throws {@link ArgumentError} if an entry is missing, left over or of another shape, or a number is not finite.
 */
export function assertState(where: string, graph: NetworkGraph, state: StateDict): void {
  const shapes = stateShapes(graph), missing = [...shapes.keys()].filter((path) => !Object.hasOwn(state, path)), stray = Object.keys(state).filter((path) => !shapes.has(path));
  if (missing.length > 0) throw new ArgumentError(where, 'state', `all ${shapes.size} entries of the network`, `none for ${listed(missing)}`);
  if (stray.length > 0) throw new ArgumentError(where, 'state', `only the ${shapes.size} entries of the network`, `also ${listed(stray)}`);
  for (const [path, shape] of shapes) {
    const { shape: given, data } = state[path]!, length = shape.reduce((product, n) => product * n, 1), odd = data.findIndex((x) => !Number.isFinite(x));
    if (`${given}` !== `${shape}` || data.length !== length) throw new ArgumentError(where, path, `shape [${shape}]`, `[${given}] of ${data.length} numbers`);
    if (odd >= 0) throw new ArgumentError(where, `${path}[${odd}]`, 'a finite number', `${data[odd]}`);
  }
}

const listed = (names: readonly string[]): string => names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
