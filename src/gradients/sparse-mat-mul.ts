import { defineGradient, runKernel } from '../kernels/registry.ts';

// y = A x  =>  dx = A^T dy. The operator is constant, so only `dense` receives a gradient.
defineGradient('SparseMatMul', [], (dy, _, { operator: { rowPtr, colIndex, values, rowPtrT, colIndexT, valuesT } }) => ({
  dense: () => runKernel('SparseMatMul', { dense: dy }, {
    operator: { rowPtr: rowPtrT, colIndex: colIndexT, values: valuesT, rowPtrT: rowPtr, colIndexT: colIndex, valuesT: values },
  }),
}));
