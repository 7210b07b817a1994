import { type PthContent, readPth } from './pth.ts';
import { readSafetensors } from './safetensors.ts';

/** Tensors of a file of weights, whichever format it has. */
export interface WeightsContent extends PthContent {
  readonly format: 'pytorch' | 'safetensors';
}

/**
 * Reads a `.pth` or a `.safetensors`, by what it holds and not by its name.
 *
 * @throws FormatError, UnsupportedError as {@link readPth} and {@link readSafetensors}.
 */
export async function readWeights(bytes: Uint8Array, where = 'readWeights'): Promise<WeightsContent> {
  if (bytes[8] !== '{'.charCodeAt(0)) return { format: 'pytorch', ...await readPth(bytes, where) };
  return { format: 'safetensors', tensors: readSafetensors(bytes, where).tensors, path: [], skipped: [] }; // the header stands after its size
}
