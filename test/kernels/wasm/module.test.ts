import * as tf from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import { useWasmBackend } from '../../../src/kernels/wasm/index.ts';
import { wasmFunction, wasmMemory, withScratch } from '../../../src/kernels/wasm/module.ts';

beforeAll(() => useWasmBackend());

it('the wasm backend exposes its linear memory', () => {
  expect(wasmMemory(tf.backend() as BackendWasm)).toBeInstanceOf(WebAssembly.Memory);
});

it('scratch memory is 16-byte aligned', () => {
  withScratch(tf.backend() as BackendWasm, 100, (pointer) => expect(pointer % 16).toBe(0));
});

it('a function that is not there is named', () => {
  expect(() => wasmFunction(tf.backend() as BackendWasm, 'noSuchKernel')).toThrow('wasmFunction: the kernels export no noSuchKernel');
});
