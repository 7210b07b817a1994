import * as tf from '@tensorflow/tfjs';
import { replaceKernel } from './borrowed.ts';
import { ints, windowAttributes, type WindowAttrs, windowInfo } from './convolution-attributes.ts';
import type { OperationAttribute, TensorflowBackend } from './tensorflow-backend.ts';

type Infos = Readonly<Record<string, tf.TensorInfo>>;

interface GradientAttrs extends WindowAttrs {
  readonly inputShape: number[];
  readonly filterShape: number[];
}

interface PoolAttrs extends WindowAttrs {
  readonly filterSize: [number, number] | number;
}

/**
 * Replaces convolutions and maxima over windows, and their gradients, where they are padded by numbers, with which tfjs-node 4.22.0 throws or,
 * in the gradients, pads otherwise. TensorFlow itself knows them.
 */
export function padByNumbers(): void {
  const operation = (kernelName: string, run: (backend: TensorflowBackend, inputs: Infos, attrs: GradientAttrs & PoolAttrs) => tf.TensorInfo): void =>
    replaceKernel(kernelName, (stock) => (args) => {
      const attrs = args.attrs as unknown as GradientAttrs & PoolAttrs, named = typeof attrs.pad === 'string', inputs = args.inputs as unknown as Infos;
      return named || attrs.dataFormat === 'NCHW' ? stock(args) : run(args.backend as TensorflowBackend, inputs, attrs);
    });
  for (const [depthwise, forward, byInput, byFilter] of [
    [false, 'Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    [true, 'DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
  ] as const) {
    operation(forward, (backend, { x, filter }, attrs) => backend.executeSingleOutput(forward, windowAttributes(backend, windowInfo(x!.shape, filter!.shape, attrs, depthwise)), [x!, filter!]));
    operation(byInput, (backend, { dy, filter }, attrs) =>
      withShape(attrs.inputShape, (shape) => backend.executeSingleOutput(byInput, windowAttributes(backend, windowInfo(attrs.inputShape, filter!.shape, attrs, depthwise)), [shape, filter!, dy!])));
    operation(byFilter, (backend, { x, dy }, attrs) =>
      withShape(attrs.filterShape, (shape) => backend.executeSingleOutput(byFilter, windowAttributes(backend, windowInfo(x!.shape, attrs.filterShape, attrs, depthwise)), [x!, shape, dy!])));
  }
  operation('MaxPool', (backend, { x }, attrs) => backend.executeSingleOutput('MaxPool', poolAttributes(backend, x!, attrs), [x!]));
  operation('MaxPoolGrad', (backend, { dy, input, output }, attrs) => backend.executeSingleOutput('MaxPoolGrad', poolAttributes(backend, input!, attrs), [input!, output!, dy!]));
}

function withShape(shape: readonly number[], run: (shape: tf.Tensor1D) => tf.TensorInfo): tf.TensorInfo {
  const tensor = tf.tensor1d([...shape], 'int32'), y = run(tensor);
  tensor.dispose();
  return y;
}

function poolAttributes(backend: TensorflowBackend, x: tf.TensorInfo, { filterSize, strides, pad, dimRoundingMode }: PoolAttrs): OperationAttribute[] {
  const info = tf.backend_util.computePool2DInfo(x.shape as [number, number, number, number], filterSize, strides, 1, pad, dimRoundingMode);
  return [...windowAttributes(backend, info), ints(backend.binding, 'ksize', [1, info.filterHeight, info.filterWidth, 1])];
}
