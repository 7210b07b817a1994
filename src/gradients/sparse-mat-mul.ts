import { defineGradient, runKernel } from '../kernels/registry.ts';

// y = A x  =>  dx = A^T dy. The operator is constant, so only `dense` receives a gradient.
const OPERATOR = ['rowPtr', 'colIndex', 'values', 'rowPtrT', 'colIndexT', 'valuesT'] as const;

defineGradient('SparseMatMul', OPERATOR, (dy, a) => ({
  dense: () => runKernel('SparseMatMul', {
    rowPtr: a.rowPtrT, colIndex: a.colIndexT, values: a.valuesT,
    rowPtrT: a.rowPtr, colIndexT: a.colIndex, valuesT: a.values,
    dense: dy,
  }),
}));
