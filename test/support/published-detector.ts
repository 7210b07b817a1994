import { existsSync, readFileSync } from 'node:fs';
import type { SafeTensors } from '../../src/io/safetensors.ts';
import { readPth } from '../../src/io/pth.ts';

const WEIGHTS = '../shared/data/weights/retinaface_mobilenet0.25.pth', GOLDEN = '../shared/data/golden/retinaface';

/** Whether the published weights and their outputs are here; tests that need them skip, saying so, where they are not. */
export const HAS_PUBLISHED = existsSync(WEIGHTS) && existsSync(GOLDEN);

/** Tensors of the published MobileNet-0.25. */
export const publishedTensors = async (): Promise<Pick<SafeTensors, 'tensors'>> => readPth(readFileSync(WEIGHTS), WEIGHTS);

/** Path of a file of the published network's outputs. */
export const goldenPath = (name: string): string => `${GOLDEN}/${name}`;

/** Numbers of a golden file. */
export const goldenFloats = (name: string): Float32Array => new Float32Array(Uint8Array.prototype.slice.call(readFileSync(goldenPath(name))).buffer);

interface GoldenItem {
  readonly size: readonly [width: number, height: number];
  readonly features?: Readonly<Record<string, readonly number[]>>;
}

/** The manifest's items by name. */
export const goldenItems = (): Record<string, GoldenItem> => (JSON.parse(readFileSync(goldenPath('manifest.json'), 'utf8')) as { items: Record<string, GoldenItem> }).items;
