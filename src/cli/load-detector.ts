import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { UnsupportedError } from '../core/errors.ts';
import type { Detector } from '../detector/detector.ts';
import type { SafeTensor } from '../io/safetensors.ts';
import { advise } from './context.ts';

/** A detector and what files about its work say of it. */
export interface LoadedDetector {
  readonly detector: Detector;
  /** Name of its file, without folders. */
  readonly name: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Adds `--weights`. */
export const addWeightsOption = (command: Command): Command => command.option('--weights <file>', 'detector: .safetensors or .pth');

/**
 * Reads the weights of `--weights` onto the current backend.
 *
 * @param where - The verb, for errors.
 * @param advice - What to do where there are none.
 * @throws `ArgumentError` if the file is missing or holds other tensors; `FormatError` if it is broken; `UnsupportedError` if there is none.
 */
export async function loadDetector(where: string, weights: string | undefined, advice = 'name its weights with --weights file.safetensors'): Promise<LoadedDetector> {
  if (weights === undefined) throw new UnsupportedError(where, 'finding faces without a detector', advice);
  const [{ detectorFromTensors }, { readFileBytes }] = await Promise.all([import('../detector/detector-tensors.ts'), import('../io/node.ts')]);
  return advise('give the weights of a detector as --weights', async () => {
    const bytes = await readFileBytes(weights);
    return { detector: detectorFromTensors({ tensors: await readTensors(bytes, weights) }), name: basename(weights), sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}

async function readTensors(bytes: Uint8Array, path: string): Promise<Record<string, SafeTensor>> {
  if (bytes[8] === 0x7b) return (await import('../io/safetensors.ts')).readSafetensors(bytes, path).tensors; // the header's {
  const { tensors } = await (await import('../io/pth.ts')).readPth(bytes, path);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
}
