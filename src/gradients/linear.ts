import { defineGradient, runKernel } from '../kernels/registry.ts';

// y = x W + bias  =>  dx = dy W^T,  dW = x^T dy,  dbias = sum of the rows of dy.
defineGradient('Linear', ['x', 'weights'], (dy, { x, weights }) => ({
  x: () => runKernel('LinearBackpropInput', { dy, weights }),
  weights: () => runKernel('LinearBackpropWeights', { x, dy }),
  bias: () => runKernel('SumRows', { x: dy }),
}));
