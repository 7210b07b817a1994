import * as tf from '@tensorflow/tfjs';
import type { BackendName, KernelName, KernelSignatures } from './signatures.ts';

// TensorFlow.js types kernel inputs as string maps. Every cast that needs lives in this file.

type Inputs<K extends KernelName, T extends tf.TensorInfo> = KernelSignatures<T>[K]['inputs'];
type Attrs<K extends KernelName> = KernelSignatures[K]['attrs'];
type Output<K extends KernelName, T extends tf.TensorInfo> = KernelSignatures<T>[K]['output'];
type InputName<K extends KernelName> = keyof KernelSignatures[K]['inputs'] & string;

const registered = new Map<BackendName, Set<KernelName>>();

/** Names of this library's kernels that a backend holds so far, sorted. */
export const registeredKernels = (backend: BackendName): readonly KernelName[] => [...(registered.get(backend) ?? [])].sort();

/** Registers one implementation of one kernel on one backend. */
export function defineKernel<K extends KernelName, B>(
  kernelName: K,
  backendName: BackendName,
  run: (inputs: Inputs<K, tf.TensorInfo>, backend: B, attrs: Attrs<K>) => Output<K, tf.TensorInfo>,
): void {
  registered.set(backendName, (registered.get(backendName) ?? new Set()).add(kernelName));
  if (tf.getKernel(kernelName, backendName)) return; // module evaluated twice (bundle and source side by side)
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) =>
      run(inputs as unknown as Inputs<K, tf.TensorInfo>, backend as B, attrs as unknown as Attrs<K>) as tf.TensorInfo | tf.TensorInfo[],
  });
}

/**
 * Registers on `borrower` a kernel that `lender` holds. It runs there: TensorFlow.js moves an input over when the kernel asks for it, and a result to
 * wherever it is read next, so values that only such kernels touch stay where they are. Both backends must have been started before it runs.
 */
export function borrowKernel(kernelName: KernelName, borrower: BackendName, lender: BackendName): void {
  registered.set(borrower, (registered.get(borrower) ?? new Set()).add(kernelName));
  if (tf.getKernel(kernelName, borrower)) return;
  tf.registerKernel({
    kernelName,
    backendName: borrower,
    kernelFunc: ({ inputs, attrs }) => {
      const backend = tf.findBackend(lender), made = tf.getKernel(kernelName, lender).kernelFunc({ inputs, backend, attrs: attrs! });
      const track = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info, backend as tf.KernelBackend);
      return Array.isArray(made) ? made.map(track) : track(made);
    },
  });
}

/**
 * Registers the vector-Jacobian product of a kernel; inputs absent from the result get no gradient.
 *
 * @param inputsToSave - Inputs the gradient reads; an empty list saves none.
 * @param vjp - `(dy, saved inputs, attrs, saved outputs) -> input name -> thunk`; `dy` is a list for kernels with several outputs.
 * @param outputsToSave - One flag per output whose value the gradient reads.
 */
export function defineGradient<K extends KernelName, S extends InputName<K>>(
  kernelName: K,
  inputsToSave: readonly S[],
  vjp: (
    dy: Output<K, tf.Tensor>, saved: Record<S, tf.Tensor>, attrs: Attrs<K>, outputs: readonly tf.Tensor[],
  ) => Partial<Record<InputName<K>, () => tf.Tensor>>,
  outputsToSave: readonly boolean[] = [],
): void {
  if (tf.getGradient(kernelName)) return;
  tf.registerGradient({
    kernelName,
    inputsToSave: [...inputsToSave],
    outputsToSave: [...outputsToSave],
    gradFunc: (dy, saved, attrs) => {
      const named = Object.fromEntries(inputsToSave.map((name, i) => [name, saved[i]!]));
      return vjp(
        dy as unknown as Output<K, tf.Tensor>, named as Record<S, tf.Tensor>, attrs as unknown as Attrs<K>, saved.slice(inputsToSave.length),
      ) as Record<string, () => tf.Tensor>;
    },
  });
}

/** Runs a registered kernel on the active backend, recording it on the gradient tape. */
export function runKernel<K extends KernelName>(kernelName: K, inputs: Inputs<K, tf.Tensor>, attrs?: Attrs<K>): Output<K, tf.Tensor> {
  return tf.engine().runKernel(kernelName, inputs as unknown as tf.NamedTensorMap, attrs as unknown as tf.NamedAttrMap) as Output<K, tf.Tensor>;
}

/** The same values as a tensor that no gradient passes through, not copied. Disposes of `tensor`. */
export function detach<T extends tf.Tensor>(tensor: T): T {
  const detached = tf.engine().makeTensorFromTensorInfo(tensor) as T;
  tf.backend().incRef(tensor.dataId);
  tensor.dispose();
  return detached;
}
