import type { TensorInfo } from '@tensorflow/tfjs';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { CsrMatrix } from '../../sparse/csr-matrix.ts';

/** Values of an int32 tensor of the cpu backend, not copied. */
export const cpuInts = (backend: MathBackendCPU, t: TensorInfo): Int32Array => backend.data.get(t.dataId).values as Int32Array;

/** Values of a float32 tensor of the cpu backend, not copied. */
export const cpuFloats = (backend: MathBackendCPU, t: TensorInfo): Float32Array => backend.data.get(t.dataId).values as Float32Array;

/** A sparse operator of the cpu backend as a CSR matrix, not copied. */
export const cpuCsr = (backend: MathBackendCPU, rowPtr: TensorInfo, colIndex: TensorInfo, values: TensorInfo, cols: number): CsrMatrix => ({
  shape: [rowPtr.shape[0]! - 1, cols], rowPtr: cpuInts(backend, rowPtr), colIndex: cpuInts(backend, colIndex), values: cpuFloats(backend, values),
});
