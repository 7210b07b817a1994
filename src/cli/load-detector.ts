import type { Command } from 'commander';
import { ArgumentError } from '../core/errors.ts';
import type { Detector } from '../detector/detector.ts';
import { advise } from './context.ts';
import { readDetectorFile } from './default-detector.ts';

/** A detector and what files about its work say of it. */
export interface LoadedDetector {
  readonly detector: Detector;
  /** Name of its file, without folders. */
  readonly name: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Adds `--weights`. */
export const addWeightsOption = (command: Command): Command => command.option('--weights <file>', 'detector: .safetensors or .pth (default: the one that `retinamesh import` installed)');

/**
 * Reads the weights of `--weights`, or this user's default detector, onto the current backend.
 *
 * @param where - The verb, for errors.
 * @throws `ArgumentError` if the file is missing or holds other tensors; `FormatError` if it is broken; `UnsupportedError` if there is none.
 */
export async function loadDetector(where: string, weights: string | undefined): Promise<LoadedDetector> {
  const [{ detectorFromTensors }, { importWeights }, { readWeights }] = await Promise.all([import('../detector/detector-tensors.ts'), import('../detector/import-weights.ts'), import('../io/read-weights.ts')]);
  const { bytes, name, sha256 } = await readDetectorFile(where, weights);
  return advise('give the weights of a detector as --weights', async () => {
    const { tensors } = await readWeights(bytes, weights ?? name), imported = importWeights(tensors, 'auto', weights ?? name), { missing, preset, part } = imported;
    if (part !== 'detector') throw new ArgumentError(where, weights ?? name, `all parameters of ${preset}`, part === 'backbone' ? 'its backbone alone' : `none called ${missing[0]}${missing.length > 1 ? `, nor ${missing.length - 1} others` : ''}`);
    return { detector: detectorFromTensors(imported, preset), name, sha256 };
  });
}
