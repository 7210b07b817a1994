import * as tf from '@tensorflow/tfjs';
import { ArgumentError } from '../core/errors.ts';
import { resolveOptions } from '../core/options.ts';
import { batchNorm } from './batch-norm.ts';
import { toTensorflowLayout, toTorchLayout } from './convolution-layout.ts';
import type { Conv2dNode, NetworkGraph, NetworkNode } from './network.ts';
import { activate, type FeatureMap, runAdd, runConcat, runConv2d, runMaxPool, runUpsampleAdd } from './run-node.ts';
import { assertState, isStatistic, type StateDict, stateShapes } from './state-dict.ts';

/** Options of {@link NetworkModel.run}. */
export interface RunOptions {
  /** Batch normalisation by the batch's own statistics, which also moves the running ones. */
  readonly training: boolean;
  /** Which maps to hand out; `null` for the outputs of the graph. */
  readonly outputs: readonly string[] | null;
  /** Called after each node, once its numbers are there: for times. */
  readonly onNode: ((node: NetworkNode) => void) | null;
}

export const RUN_DEFAULTS: RunOptions = { training: false, outputs: null, onNode: null };

/** A network with its parameters as TensorFlow.js variables. */
export class NetworkModel {
  readonly #variables = new Map<string, tf.Variable>();

  /**
   * @param state - Everything that {@link stateShapes} names; more is refused.
   * @param frozen - Prefixes of paths that training leaves as they are; batch normalisation under them keeps its running statistics.
   * @throws {@link ArgumentError} if an entry is missing, left over or of another shape, or a number is not finite.
   */
  constructor(readonly graph: NetworkGraph, state: StateDict, readonly frozen: readonly string[] = []) {
    assertState('NetworkModel', graph, state);
    for (const [path, shape] of stateShapes(graph)) {
      const { data } = state[path]!;
      const [values, size] = shape.length === 4 ? [toTensorflowLayout(data, shape), tensorflowShape(shape, this.#isDepthwise(path))] : [data, shape];
      this.#variables.set(path, tf.tidy(() => tf.variable(tf.tensor(values, [...size]), this.isTrained(path))));
    }
  }

  /** Whether training moves the parameter at `path`. */
  isTrained(path: string): boolean {
    return !isStatistic(path) && !this.#isFrozen(path);
  }

  /** The variable at a path, in TensorFlow's layout: `[height, width, in, out]`, a depthwise one `[height, width, channels, 1]`. */
  variable(path: string): tf.Variable {
    const found = this.#variables.get(path);
    if (!found) throw new ArgumentError('NetworkModel.variable', 'path', 'the name of a parameter', path);
    return found;
  }

  /** The variables that training moves, by path. */
  get trained(): Record<string, tf.Variable> {
    return Object.fromEntries([...this.#variables].filter(([path]) => this.isTrained(path)));
  }

  /**
   * Runs the network. Outside a gradient, each map is disposed of once nothing reads it any more.
   *
   * @param input - `[B, H, W, C]`.
   * @returns Maps by name.
   */
  run(input: FeatureMap, options?: Partial<RunOptions>): Record<string, FeatureMap> {
    const { training, outputs, onNode } = resolveOptions('NetworkModel.run', RUN_DEFAULTS, options);
    const wanted = new Set(outputs ?? this.graph.outputs), lastReader = new Map<string, NetworkNode>();
    const needed = neededNodes(this.graph, wanted);
    for (const node of needed) for (const name of node.inputs) lastReader.set(name, node);
    return tf.tidy(() => {
      const maps = new Map<string, FeatureMap>([[this.graph.input.name, input]]);
      for (const node of needed) {
        maps.set(node.name, tf.tidy(() => this.#runNode(node, node.inputs.map((name) => maps.get(name)!), training)));
        for (const name of new Set(node.inputs)) {
          if (lastReader.get(name) !== node || wanted.has(name) || maps.get(name) === input) continue;
          if (!isTaped()) maps.get(name)!.dispose();
          maps.delete(name);
        }
        onNode?.(node);
      }
      return Object.fromEntries([...wanted].map((name) => [name, maps.get(name)!]));
    });
  }

  /** All numbers in PyTorch's layout, ready for a file. */
  state(): StateDict {
    return Object.fromEntries([...stateShapes(this.graph)].map(([path, shape]) => {
      const data = this.variable(path).dataSync() as Float32Array;
      return [path, { shape, data: shape.length === 4 ? toTorchLayout(data, shape) : Float32Array.from(data) }];
    }));
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }

  #runNode(node: NetworkNode, inputs: readonly FeatureMap[], training: boolean): FeatureMap {
    switch (node.op) {
      case 'conv2d': return this.#runConvolution(node, inputs[0]!, training);
      case 'maxPool': return runMaxPool(node, inputs[0]!);
      case 'add': return runAdd(node, inputs[0]!, inputs[1]!);
      case 'upsampleAdd': return runUpsampleAdd(node, inputs[0]!, inputs[1]!);
      case 'concat': return runConcat(node, inputs);
    }
  }

  #runConvolution(node: Conv2dNode, x: FeatureMap, training: boolean): FeatureMap {
    const find = (path: string): tf.Tensor => this.variable(path), y = runConv2d(node, x, find), { norm } = node;
    if (norm === null) return y;
    return activate(batchNorm(y, (part) => this.variable(`${norm}.${part}`), training && !this.#isFrozen(`${norm}.`)), node.slope);
  }

  #isFrozen(path: string): boolean {
    return this.frozen.some((prefix) => path.startsWith(prefix));
  }

  #isDepthwise(path: string): boolean {
    return this.graph.nodes.some((node) => node.op === 'conv2d' && node.depthwise && path === `${node.path}.weight`);
  }
}

/** Nodes that the wanted maps depend on, in order. */
function neededNodes(graph: NetworkGraph, wanted: ReadonlySet<string>): NetworkNode[] {
  const names = new Set(graph.nodes.map(({ name }) => name)), stray = [...wanted].find((name) => !names.has(name));
  if (stray !== undefined) throw new ArgumentError('NetworkModel.run', 'outputs', 'names of nodes', stray);
  const needed = new Set(wanted);
  for (const node of graph.nodes.toReversed()) if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
  return graph.nodes.filter(({ name }) => needed.has(name));
}

const isTaped = (): boolean => tf.engine().state.gradientDepth > 0;

const tensorflowShape = ([outputs, inputs, height, width]: readonly number[], depthwise: boolean): readonly number[] => (depthwise ? [height!, width!, outputs!, 1] : [height!, width!, inputs!, outputs!]);
