import * as tf from '@tensorflow/tfjs';

/** Puts a clock around every kernel of a backend: `start()`, work, `stop()` gives milliseconds by kernel; `remove()` takes it away. */
export function kernelClock(backend) {
  let times = null, depth = 0;
  const kernels = tf.getKernelsForBackend(backend);
  for (const kernel of kernels) {
    tf.unregisterKernel(kernel.kernelName, backend);
    tf.registerKernel({
      ...kernel,
      kernelFunc: (args) => {
        if (!times || depth > 0) return kernel.kernelFunc(args); // a kernel that calls another counts as one
        depth++;
        const begin = performance.now();
        try {
          return kernel.kernelFunc(args);
        } finally {
          times[kernel.kernelName] = (times[kernel.kernelName] ?? 0) + performance.now() - begin;
          depth--;
        }
      },
    });
  }
  return {
    start: () => { times = {}; },
    stop: () => { const found = times; times = null; return found; },
    remove: () => {
      for (const kernel of kernels) {
        tf.unregisterKernel(kernel.kernelName, backend);
        tf.registerKernel(kernel);
      }
    },
  };
}
