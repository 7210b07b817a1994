import type * as tf from '@tensorflow/tfjs';
import { conv2dSizes } from '../../src/kernels/conv2d-sizes.ts';
import type { Conv2dSizes } from '../../src/kernels/impl/conv2d.ts';
import { normals } from './graphs.ts';

export type Pad = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;

/** One convolution of the contract suites. */
export interface ConvCase {
  readonly kernel: number;
  readonly stride: number;
  readonly image: readonly [height: number, width: number];
  readonly channels: readonly [inputs: number, outputs: number];
  readonly pad: Pad;
  readonly bias: boolean;
  readonly activation: keyof typeof ACTIVATIONS;
}

export const ALPHA = 0.1;

/** Activations that the kernels fuse, written for themselves. */
export const ACTIVATIONS = {
  linear: (y: number): number => y,
  relu: (y: number): number => (y > 0 ? y : 0),
  relu6: (y: number): number => (y > 6 ? 6 : y > 0 ? y : 0),
  leakyrelu: (y: number): number => (y > 0 ? y : ALPHA * y),
} as const;

const IMAGES = [[9, 7], [13, 10], [11, 17]] as const;
const PADS: readonly Pad[] = ['same', [[0, 0], [1, 1], [1, 1], [0, 0]], 'valid', [[0, 0], [2, 0], [0, 3], [0, 0]], 1, [[0, 0], [0, 1], [0, 2], [0, 0]]];

/** Every kernel size with every stride and every pair of channels; images, paddings and activations take turns. */
export function convCases(channels: readonly (readonly [number, number])[]): ConvCase[] {
  const names = Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[];
  return [1, 3, 7].flatMap((kernel) => [1, 2, 4].flatMap((stride) => channels.map((pair) => ({ kernel, stride, channels: pair }))))
    .map((shape, i) => ({ ...shape, image: IMAGES[i % 3]!, pad: PADS[i % 6]!, bias: i % 7 < 4, activation: names[i % 4]! }));
}

/** Images of more pixels than a kernel works on at a time. */
export const LARGE_CASES: readonly ConvCase[] = [
  { kernel: 1, stride: 1, image: [20, 30], channels: [64, 64], pad: 0, bias: true, activation: 'leakyrelu' },
  { kernel: 3, stride: 2, image: [41, 150], channels: [16, 5], pad: 'same', bias: true, activation: 'relu' },
  { kernel: 3, stride: 1, image: [9, 150], channels: [3, 8], pad: 1, bias: false, activation: 'linear' },
];

export const describeConv = ({ kernel, stride, image, channels, pad, bias, activation }: ConvCase): string =>
  `${kernel} x ${kernel} at stride ${stride}, ${channels.join(' to ')} channels, image ${image.join(' x ')}, padding ${JSON.stringify(pad)}, ${bias ? '' : 'no '}bias, ${activation}`;

/** Sizes, and seeded float32 numbers for everything that the case needs; a batch of two. */
export function convNumbers({ kernel, stride, image, channels: [inputs, outputs], pad }: ConvCase, depthwise = false): ConvNumbers {
  const inShape = [2, ...image, inputs] as const, filterShape = [kernel, kernel, inputs, outputs] as const;
  const sizes = conv2dSizes(inShape, filterShape, { strides: stride, pad }, depthwise);
  const outShape = [sizes.batch, sizes.outHeight, sizes.outWidth, sizes.outChannels] as const;
  const numbers = (shape: readonly number[], seed: number, scale = 1): Float32Array => Float32Array.from(normals(shape.reduce((n, size) => n * size, 1), seed), (x) => scale * x);
  return {
    sizes, inShape: [...inShape], filterShape: [...filterShape], outShape: [...outShape],
    x: numbers(inShape, 1), filter: numbers(filterShape, 2, 3 / kernel / Math.sqrt(depthwise ? 1 : inputs)), bias: numbers([sizes.outChannels], 3), dy: numbers(outShape, 4),
  };
}

export interface ConvNumbers extends Record<'x' | 'filter' | 'bias' | 'dy', Float32Array> {
  readonly sizes: Conv2dSizes;
  readonly inShape: [number, number, number, number];
  readonly filterShape: [number, number, number, number];
  readonly outShape: [number, number, number, number];
}
