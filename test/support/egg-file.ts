import { writeFileSync } from 'node:fs';
import { writeFaceModel } from '../../src/decoder/face-model.ts';
import { useWasmBackend } from '../../src/kernels/wasm/index.ts';
import { eggModel } from './face-model.ts';

/** Writes the egg as a face model file, weights in 32 bits, for command lines that want a `--decoder`. */
export async function writeEggFile(path: string, metadata: Record<string, string> = {}): Promise<void> {
  await useWasmBackend();
  const model = eggModel();
  writeFileSync(path, writeFaceModel({ ...model, metadata }, 'F32'));
  model.decoder.dispose();
}
