import type { TensorInfo } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { KERNELS_WASM_BASE64 } from './kernels.generated.ts';

/** A function of the AssemblyScript module; pointers are byte offsets into the backend's linear memory. */
export type WasmFunction = (...args: number[]) => number;

interface EmscriptenModule {
  asm: { memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

const instances = new WeakMap<BackendWasm, Record<string, WasmFunction>>();

/**
 * The unpublished parts of the Emscripten module behind the wasm backend: present in
 * @tensorflow/tfjs-backend-wasm 4.22.0, pinned by test/kernels/wasm/module.test.ts.
 */
const emscripten = (backend: BackendWasm): EmscriptenModule => backend.wasm as unknown as EmscriptenModule;

/** The linear memory of `backend`. Views of its buffer detach when it grows: make them anew for each call. */
export const wasmMemory = (backend: BackendWasm): WebAssembly.Memory => emscripten(backend).asm.memory;

/** Function `name` of the kernels, bound to the linear memory of `backend`, where it works in place. */
export function wasmFunction(backend: BackendWasm, name: string): WasmFunction {
  let functions = instances.get(backend);
  if (!functions) {
    const bytes = Uint8Array.from(atob(KERNELS_WASM_BASE64), (c) => c.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: wasmMemory(backend) } });
    functions = instance.exports as unknown as Record<string, WasmFunction>;
    instances.set(backend, functions);
  }
  const found = functions[name];
  if (!found) throw new Error(`wasmFunction: the kernels export no ${name}; rebuild them with npm run build:kernels`);
  return found;
}

/** Byte offset of a tensor's values in the backend's memory. */
export const wasmPointer = (backend: BackendWasm, tensor: TensorInfo): number => backend.getMemoryOffset(tensor.dataId);

/** Runs `body` with `bytes` of scratch memory (uninitialised, 16-byte aligned), freed whatever happens. */
export function withScratch<R>(backend: BackendWasm, bytes: number, body: (pointer: number) => R): R {
  const { _malloc, _free } = emscripten(backend);
  const pointer = _malloc(bytes + 16);
  if (pointer === 0) throw new Error(`withScratch: the wasm backend has no ${bytes} bytes left`);
  try {
    return body((pointer + 15) & ~15);
  } finally {
    _free(pointer);
  }
}
