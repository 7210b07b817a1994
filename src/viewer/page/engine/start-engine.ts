import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import './tensorflow.ts';

/** What decodes, and why it is not the faster one. */
export interface Engine {
  readonly backend: 'wasm' | 'cpu';
  /** Empty on wasm. */
  readonly reason: string;
}

/** TensorFlow.js asks for the binary by one of these names. */
const BINARIES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'];

/**
 * Starts the wasm backend from the bytes of its SIMD binary, or the cpu backend where that cannot be.
 *
 * The bytes are compiled once before TensorFlow.js gets them: where compiling fails, as without SIMD or under a policy without
 * `'wasm-unsafe-eval'`, it would wait for ever.
 *
 * @param binary - `null`: none was given.
 */
export async function startEngine(binary: Uint8Array<ArrayBuffer> | null): Promise<Engine> {
  const reason = binary ? await startWasm(binary) : 'no wasm binary was given';
  if (reason === '') return { backend: 'wasm', reason };
  await tf.setBackend('cpu');
  return { backend: 'cpu', reason };
}

/** Why it did not start; empty if it did. */
async function startWasm(binary: Uint8Array<ArrayBuffer>): Promise<string> {
  const env = tf.env(), { platform } = env;
  try {
    await WebAssembly.compile(binary);
    env.set('WASM_HAS_SIMD_SUPPORT', true); // the binary is the one with SIMD, and it compiles
    env.set('WASM_HAS_MULTITHREAD_SUPPORT', false); // threads would need another binary, a worker and an isolated page
    setWasmPaths(Object.fromEntries(BINARIES.map((name) => [name, name])), true);
    env.platform = Object.assign(Object.create(platform) as typeof platform, { fetch: async () => new Response(binary) });
    return (await tf.setBackend('wasm')) ? '' : 'the wasm backend did not start';
  } catch (error) {
    return (error as Error).message;
  } finally {
    env.platform = platform;
  }
}
