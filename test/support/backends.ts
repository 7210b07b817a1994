import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect } from 'vitest';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import { defaultTensorflowHome, findTensorflowHome } from '../../src/kernels/tensorflow/home-node.ts';
import { useTensorflowBackend } from '../../src/kernels/tensorflow/index.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';

tf.enableProdMode();

/** Whether `retinamesh setup tensorflow` has run here; where it has not, test/kernels/tensorflow/contract.test.ts says so, once. */
export const TENSORFLOW_IS_SET_UP = findTensorflowHome(defaultTensorflowHome()) !== null;

/** Every backend that the contract suites run on. */
export const BACKENDS = { cpu: useCpuBackend, wasm: useWasmBackend, tensorflow: async (): Promise<void> => { await useTensorflowBackend(); } } as const;

/** Those that this machine has. */
export const BACKENDS_HERE = (Object.keys(BACKENDS) as (keyof typeof BACKENDS)[]).filter((name) => name !== 'tensorflow' || TENSORFLOW_IS_SET_UP);

/** Runs one suite on every backend: the contract is written once. */
export function describeOnBackends(name: string, suite: (backend: keyof typeof BACKENDS) => void): void {
  describe.each(BACKENDS_HERE)(`${name} on %s`, (backend) => {
    beforeAll(() => BACKENDS[backend]());
    suite(backend);
  });
}

/** Asserts that `body` leaves as many tensors alive as it found. */
export function expectNoLeak(body: () => void): void {
  const before = tf.memory().numTensors;
  body();
  expect(tf.memory().numTensors).toBe(before);
}
