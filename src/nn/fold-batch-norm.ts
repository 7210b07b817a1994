import type { Conv2dNode, NetworkGraph } from './network.ts';
import { NORM_EPSILON, type StateDict, type StateEntry } from './state-dict.ts';

/** A network and the numbers that it runs with. */
export interface StatefulGraph {
  readonly graph: NetworkGraph;
  readonly state: StateDict;
}

/**
 * The same network for inference, without batch normalisation: `s (w * x - mean) + b` becomes `(s w) * x + (b - s mean)`,
 * with `s = weight / sqrt(running_var + 1e-5)`, worked out in float64.
 */
export function foldBatchNorm({ graph, state }: StatefulGraph): StatefulGraph {
  const folded: Record<string, StateEntry> = { ...state };
  const nodes = graph.nodes.map((node) => {
    if (node.op !== 'conv2d' || node.norm === null) return node;
    Object.assign(folded, foldNode(node, node.norm, state));
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) delete folded[`${node.norm}.${part}`];
    return { ...node, norm: null, bias: true };
  });
  return { graph: { ...graph, nodes }, state: folded };
}

function foldNode({ path, outChannels, bias }: Conv2dNode, norm: string, state: StateDict): StateDict {
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => state[`${norm}.${part}`]!.data) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const { shape, data } = state[`${path}.weight`]!, own = bias ? state[`${path}.bias`]!.data : null, size = data.length / outChannels;
  const factors = Float64Array.from({ length: outChannels }, (_, o) => scale[o]! / Math.sqrt(variance[o]! + NORM_EPSILON));
  return {
    [`${path}.weight`]: { shape, data: data.map((w, i) => w * factors[Math.floor(i / size)]!) },
    [`${path}.bias`]: { shape: [outChannels], data: Float32Array.from(factors, (factor, o) => shift[o]! + factor * ((own?.[o] ?? 0) - mean[o]!)) },
  };
}
