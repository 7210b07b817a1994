import type { NetworkGraph, NetworkNode } from './network.ts';
import { isStatistic, offsetChannels, stateShapes } from './state-dict.ts';

/** One node of a network at a size of its input. */
export interface NodeDescription {
  readonly name: string;
  readonly op: NetworkNode['op'];
  readonly stage: string;
  /** `[height, width, channels]` of the output. */
  readonly shape: readonly [number, number, number];
  /** Trained numbers; those that an earlier node has named already are not counted again. */
  readonly parameters: number;
  /** Multiplications and additions of convolutions, two a multiply-add, for one image. */
  readonly flops: number;
}

/** Height or width of what a window leaves of `size` pixels. */
const windowed = (size: number, { kernel, stride, padding }: { kernel: number; stride: number; padding: number }): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;

/** Output size, parameters and operations of every node for one image of `height` x `width`. */
export function describeNetwork(graph: NetworkGraph, height: number, width: number): NodeDescription[] {
  const shapes = new Map<string, readonly [number, number, number]>([[graph.input.name, [height, width, graph.input.channels]]]), counted = new Set<string>(), sizes = stateShapes(graph);
  return graph.nodes.map((node) => {
    const [h, w, c] = shapes.get(node.inputs[0]!)!;
    const shape = nodeShape(node, h, w, c, shapes);
    shapes.set(node.name, shape);
    return { name: node.name, op: node.op, stage: node.stage, shape, parameters: countParameters(node, sizes, counted), flops: countFlops(node, shape) };
  });
}

function nodeShape(node: NetworkNode, h: number, w: number, c: number, shapes: ReadonlyMap<string, readonly number[]>): readonly [number, number, number] {
  if (node.op === 'conv2d') return [windowed(h, node), windowed(w, node), node.outChannels];
  if (node.op === 'maxPool') return [windowed(h, node), windowed(w, node), c];
  if (node.op === 'concat') return [h, w, node.inputs.reduce((sum, input) => sum + shapes.get(input)![2]!, 0)];
  return [h, w, c];
}

function countParameters(node: NetworkNode, sizes: ReadonlyMap<string, readonly number[]>, counted: Set<string>): number {
  if (node.op !== 'conv2d') return 0;
  let count = 0;
  for (const [path, shape] of sizes) {
    const own = path.startsWith(`${node.path}.`) || (node.norm !== null && path.startsWith(`${node.norm}.`));
    if (!own || isStatistic(path) || counted.has(path)) continue;
    counted.add(path);
    count += shape.reduce((product, n) => product * n, 1);
  }
  return count;
}

function countFlops(node: NetworkNode, [height, width]: readonly number[]): number {
  if (node.op !== 'conv2d') return 0;
  const { kernel, inChannels, outChannels, depthwise, deformable } = node, taps = kernel * kernel;
  const perPixel = depthwise ? taps * outChannels : taps * inChannels * (outChannels + (deformable ? offsetChannels(node) : 0));
  return 2 * height! * width! * perPixel;
}
