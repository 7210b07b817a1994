import { defineGradient, runKernel } from '../kernels/registry.ts';

// With g_t = W_t dy, the gradient of a tap's sample: dmask = g . sample, dx += mask g at its corners, doffsets = mask g . (slope of the sample),
// all from one pass; dW_t = (mask sample)^T dy, and dbias the sum of the rows of dy.
defineGradient('DeformConv2D', ['x', 'weights', 'offsets', 'mask'], (dy, { x, weights, offsets, mask }, { stride, padding }) => {
  const [dx, dOffsets, dMask] = runKernel('DeformConv2DBackpropSamples', { x, weights, offsets, mask, dy }, { stride, padding });
  return {
    x: () => dx,
    offsets: () => dOffsets,
    mask: () => dMask,
    weights: () => runKernel('DeformConv2DBackpropWeights', { x, offsets, mask, dy }, { stride, padding, kernelSize: [weights.shape[0]!, weights.shape[1]!] }),
    bias: () => runKernel('SumRows', { x: dy }),
  };
});
