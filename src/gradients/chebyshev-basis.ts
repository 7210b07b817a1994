import { defineGradient, runKernel } from '../kernels/registry.ts';

// y_k = T_k(A) x  =>  dx = sum over k of T_k(A^T) dy_k, and the other way round. The operator is constant.
const OPERATOR = ['rowPtr', 'colIndex', 'values', 'rowPtrT', 'colIndexT', 'valuesT'] as const;

defineGradient('ChebyshevBasis', OPERATOR, (dy, operator) => ({ x: () => runKernel('ChebyshevBasisAdjoint', { ...operator, y: dy }) }));

defineGradient('ChebyshevBasisAdjoint', [...OPERATOR, 'y'], (dx, { y, ...operator }) => ({
  y: () => runKernel('ChebyshevBasis', { ...operator, x: dx }, { order: y.shape[2]! }),
}));
