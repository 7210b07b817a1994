import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs';

/** Constants and calls of the addon, as far as this library uses them. */
export interface TensorflowBinding {
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
}

/** An attribute of a TensorFlow operation. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** `NodeJSKernelBackend` of @tensorflow/tfjs-node 4.22.0, as far as this library uses it: that package is not among its dependencies. */
export interface TensorflowBackend extends KernelBackend {
  readonly binding: TensorflowBinding;
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
  /** Runs one operation of TensorFlow. */
  executeSingleOutput(name: string, attributes: readonly OperationAttribute[], inputs: readonly TensorInfo[]): Tensor;
}
