/** A 2-D convolution, what normalises it and what follows: one line of a network. */
export interface Conv2dNode {
  readonly op: 'conv2d';
  /** Name of the output. */
  readonly name: string;
  readonly inputs: readonly [string];
  /** Where its parameters are: `<path>.weight`, `<path>.bias`, and for a deformable one `<path>.offset.weight`, `<path>.offset.bias`. */
  readonly path: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Edge of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on every side of the input. */
  readonly padding: number;
  /** Each channel by itself: as many outputs as inputs. */
  readonly depthwise: boolean;
  /** Modulated deformable, version 2: Zhu et al., CVPR 2019. */
  readonly deformable: boolean;
  readonly bias: boolean;
  /** Path of the batch normalisation that follows, `null` for none. */
  readonly norm: string | null;
  /** Slope of what follows for negative numbers: 0 is ReLU, 1 leaves all as it is. */
  readonly slope: number;
  readonly initializer: 'he' | 'small' | 'zeros';
  /** Part of the network, for times and tables: `backbone`, `pyramid`, `context`, `heads`. */
  readonly stage: string;
}

/** A maximum over a square window. */
export interface MaxPoolNode {
  readonly op: 'maxPool';
  readonly name: string;
  readonly inputs: readonly [string];
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly stage: string;
}

/** The sum of two maps of the same size, then the slope for negative numbers. */
export interface AddNode {
  readonly op: 'add';
  readonly name: string;
  readonly inputs: readonly [string, string];
  readonly slope: number;
  readonly stage: string;
}

/** The first map plus the second, up-sampled to its size by the nearest neighbour. */
export interface UpsampleAddNode {
  readonly op: 'upsampleAdd';
  readonly name: string;
  readonly inputs: readonly [fine: string, coarse: string];
  readonly stage: string;
}

/** Channels side by side, then the slope for negative numbers. */
export interface ConcatNode {
  readonly op: 'concat';
  readonly name: string;
  readonly inputs: readonly string[];
  readonly slope: number;
  readonly stage: string;
}

export type NetworkNode = Conv2dNode | MaxPoolNode | AddNode | UpsampleAddNode | ConcatNode;

/** A feed-forward network over images `[B, H, W, C]`: nodes in the order in which they run, each named once. */
export interface NetworkGraph {
  /** Name and channels of what comes in. */
  readonly input: { readonly name: string; readonly channels: number };
  readonly nodes: readonly NetworkNode[];
  /** Names that are handed out. */
  readonly outputs: readonly string[];
}

/** What a convolution may leave out. */
export type Conv2dOptions = Partial<Pick<Conv2dNode, 'kernel' | 'stride' | 'depthwise' | 'deformable' | 'bias' | 'norm' | 'slope' | 'initializer' | 'name'>>;

/** Writes a network down, line by line; each method returns the name of its output. */
export class NetworkBuilder {
  readonly #nodes: NetworkNode[] = [];
  readonly #channels = new Map<string, number>();
  /** Part of the network that the next nodes belong to. */
  stage = 'backbone';

  constructor(readonly input: string, channels: number) {
    this.#channels.set(input, channels);
  }

  /** Channels of a map written so far. */
  channels(name: string): number {
    return this.#channels.get(name)!;
  }

  /** A convolution with zeros of half its kernel around: 1 x 1, stride 1, plain, without bias, norm or activation, unless said otherwise. */
  conv2d(input: string, path: string, outChannels: number, options: Conv2dOptions = {}): string {
    const { kernel = 1, stride = 1, depthwise = false, deformable = false, bias = false, norm = null, slope = 1, initializer = 'he', name = path } = options;
    return this.#add({
      op: 'conv2d', name, inputs: [input], path, inChannels: this.channels(input), outChannels, kernel, stride, padding: (kernel - 1) >> 1, depthwise, deformable, bias, norm, slope,
      initializer, stage: this.stage,
    }, outChannels);
  }

  maxPool(input: string, name: string, kernel: number, stride: number): string {
    return this.#add({ op: 'maxPool', name, inputs: [input], kernel, stride, padding: (kernel - 1) >> 1, stage: this.stage }, this.channels(input));
  }

  add(a: string, b: string, name: string, slope = 1): string {
    return this.#add({ op: 'add', name, inputs: [a, b], slope, stage: this.stage }, this.channels(a));
  }

  upsampleAdd(fine: string, coarse: string, name: string): string {
    return this.#add({ op: 'upsampleAdd', name, inputs: [fine, coarse], stage: this.stage }, this.channels(fine));
  }

  concat(inputs: readonly string[], name: string, slope = 1): string {
    return this.#add({ op: 'concat', name, inputs, slope, stage: this.stage }, inputs.reduce((sum, input) => sum + this.channels(input), 0));
  }

  build(outputs: readonly string[]): NetworkGraph {
    return { input: { name: this.input, channels: this.channels(this.input) }, nodes: this.#nodes, outputs };
  }

  #add(node: NetworkNode, channels: number): string {
    if (this.#channels.has(node.name)) throw new Error(`NetworkBuilder: ${node.name} is written twice`);
    const stray = node.inputs.find((input) => !this.#channels.has(input));
    if (stray !== undefined) throw new Error(`NetworkBuilder: ${node.name} reads ${stray}, which is not written yet`);
    this.#nodes.push(node);
    this.#channels.set(node.name, channels);
    return node.name;
  }
}
