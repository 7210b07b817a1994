import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

// The tape clones every tensor that a gradient reads. The wasm backend's own Identity copies the values; here, as on the cpu and webgl
// backends, the clone shares them: tensors are immutable and the backend counts references.
const shared: tf.KernelConfig = {
  kernelName: 'Identity', backendName: 'wasm',
  kernelFunc: ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
    (backend as BackendWasm).incRef(dataId);
    return { dataId, shape, dtype };
  },
};

if (tf.getKernel('Identity', 'wasm')) tf.unregisterKernel('Identity', 'wasm');
tf.registerKernel(shared);
