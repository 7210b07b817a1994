import type { TensorInfo } from '@tensorflow/tfjs';

/** Backends that may hold kernels of this library. */
export type BackendName = 'cpu' | 'wasm' | 'tensorflow';

type NoAttrs = Record<never, never>;

/**
 * Inputs, attributes and outputs of every kernel this library registers, by kernel name. `T` is `TensorInfo` inside a
 * backend and `Tensor` on the tape. A kernel with several outputs declares them as a tuple.
 */
export interface KernelSignatures<T extends TensorInfo = TensorInfo> {
  /** `A [R, C] . dense [B, C, N] -> [B, R, N]`; the transposed operator rides along for the gradient. */
  SparseMatMul: {
    inputs: Record<'rowPtr' | 'colIndex' | 'values' | 'rowPtrT' | 'colIndexT' | 'valuesT' | 'dense', T>;
    attrs: NoAttrs;
    output: T;
  };
}

export type KernelName = keyof KernelSignatures;
