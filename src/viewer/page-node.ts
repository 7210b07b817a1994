import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { UnsupportedError } from '../core/errors.ts';

/** Beside this file where the package is built; in `dist` when it runs from `src`. */
const PLACES = ['./page.html', '../../dist/viewer/page.html'] as const;

/**
 * The viewer page without data, for `fillViewerPage`.
 *
 * @throws {@link UnsupportedError} if it was not built.
 */
export function readViewerPage(): string {
  const file = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!file) throw new UnsupportedError('readViewerPage', 'a viewer page before it is built', 'run: npm run build:viewer');
  return readFileSync(file, 'utf8');
}

/** The binary of TensorFlow.js's wasm backend, with SIMD, out of its package. */
export async function readWasmBinary(): Promise<Uint8Array> {
  return new Uint8Array(await readFile(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm')));
}
