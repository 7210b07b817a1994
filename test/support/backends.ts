import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect } from 'vitest';
import { useCpuBackend } from '../../src/kernels/cpu/index.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';

tf.enableProdMode();

/** Every backend that the contract suites run on. */
export const BACKENDS = { cpu: useCpuBackend, wasm: useWasmBackend } as const;

/** Runs one suite on every backend: the contract is written once. */
export function describeOnBackends(name: string, suite: (backend: keyof typeof BACKENDS) => void): void {
  describe.each(Object.keys(BACKENDS) as (keyof typeof BACKENDS)[])(`${name} on %s`, (backend) => {
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
