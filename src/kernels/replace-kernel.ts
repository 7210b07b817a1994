import * as tf from '@tensorflow/tfjs';
import { UnsupportedError } from '../core/errors.ts';
import type { BackendName } from './signatures.ts';

type Tensors<Name extends string> = Readonly<Record<Name, tf.TensorInfo>>;
type Fused = Tensors<'x' | 'filter'> & Partial<Tensors<'bias' | 'preluActivationWeights'>>;

/** Inputs and attributes of the kernels of TensorFlow.js that this library replaces, or adds where a backend lacks them. */
export interface StockSignatures {
  LeakyRelu: { inputs: Tensors<'x'>; attrs: tf.LeakyReluAttrs };
  Multiply: { inputs: Tensors<'a' | 'b'>; attrs: tf.NamedAttrMap };
  Sub: { inputs: Tensors<'a' | 'b'>; attrs: tf.NamedAttrMap };
  FusedBatchNorm: { inputs: Tensors<'x' | 'mean' | 'variance'> & Partial<Tensors<'offset' | 'scale'>>; attrs: tf.FusedBatchNormAttrs };
  Greater: { inputs: Tensors<'a' | 'b'>; attrs: tf.NamedAttrMap };
  Tile: { inputs: Tensors<'x'>; attrs: tf.TileAttrs };
  Sum: { inputs: Tensors<'x'>; attrs: tf.SumAttrs };
  Mean: { inputs: Tensors<'x'>; attrs: tf.MeanAttrs };
  Concat: { inputs: readonly tf.TensorInfo[]; attrs: tf.ConcatAttrs };
  Conv2D: { inputs: Tensors<'x' | 'filter'>; attrs: tf.Conv2DAttrs };
  FusedConv2D: { inputs: Fused; attrs: tf.FusedConv2DAttrs };
  Conv2DBackpropInput: { inputs: Tensors<'dy' | 'filter'>; attrs: tf.Conv2DBackpropInputAttrs };
  Conv2DBackpropFilter: { inputs: Tensors<'x' | 'dy'>; attrs: tf.Conv2DBackpropFilterAttrs };
  DepthwiseConv2dNative: { inputs: Tensors<'x' | 'filter'>; attrs: tf.DepthwiseConv2dNativeAttrs };
  FusedDepthwiseConv2D: { inputs: Fused; attrs: tf.FusedDepthwiseConv2DAttrs };
  DepthwiseConv2dNativeBackpropInput: { inputs: Tensors<'dy' | 'filter'>; attrs: tf.DepthwiseConv2dNativeBackpropInputAttrs };
  DepthwiseConv2dNativeBackpropFilter: { inputs: Tensors<'x' | 'dy'>; attrs: tf.DepthwiseConv2dNativeBackpropFilterAttrs };
}

/**
 * Puts a kernel in the place of one of TensorFlow.js. What `run` returns `null` for, the replaced one does, as it would have.
 *
 * @throws {@link UnsupportedError} when the kernel runs, `run` returns `null` and the backend had none before.
 */
export function replaceKernel<K extends keyof StockSignatures, B>(
  kernelName: K,
  backendName: BackendName,
  run: (inputs: StockSignatures[K]['inputs'], backend: B, attrs: StockSignatures[K]['attrs']) => tf.TensorInfo | null,
): void {
  const stock = tf.getKernel(kernelName, backendName);
  if (stock) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    ...stock, // its set-up, which runs when the backend starts
    kernelName,
    backendName,
    kernelFunc: (args) => {
      const out = run(args.inputs as unknown as StockSignatures[K]['inputs'], args.backend as B, args.attrs as unknown as StockSignatures[K]['attrs']);
      if (out) return out;
      if (!stock) throw new UnsupportedError(kernelName, `this layout or dilation on the ${backendName} backend`, 'use NHWC without dilation, or the cpu backend');
      return stock.kernelFunc(args);
    },
  });
}
