import { defineGradient, runKernel } from '../kernels/registry.ts';

// y_k = T_k(A) x  =>  dx = sum over k of T_k(A^T) dy_k, and the other way round. The operator is constant.
defineGradient('ChebyshevBasis', [], (dy, _, { operator }) => ({ x: () => runKernel('ChebyshevBasisAdjoint', { y: dy }, { operator }) }));

defineGradient('ChebyshevBasisAdjoint', ['y'], (dx, { y }, { operator }) => ({
  y: () => runKernel('ChebyshevBasis', { x: dx }, { operator, order: y.shape[2]! }),
}));
