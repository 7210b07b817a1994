import { defineGradient, runKernel } from '../kernels/registry.ts';

// y = relu(bias + sum over k of T_k(A) x W_k). With g = dy where y > 0:
// dx = sum over k of T_k(A^T) g W_k^T,  dW_k = (T_k(A) x)^T g,  dbias = sum of the rows of g.
defineGradient('ChebConv', ['x', 'weights'], (dy, { x, weights }, { operator, order, relu }, [y]) => {
  const g = relu ? runKernel('ReluGrad', { dy, y: y! }) : dy; // once for all three
  return {
    x: () => runKernel('ChebConvBackpropInput', { dy: g, weights }, { operator, order }),
    weights: () => runKernel('ChebConvBackpropWeights', { x, dy: g, weights }, { operator, order }),
    bias: () => runKernel('SumRows', { x: g }),
  };
}, [true]);
