import type { CropFrame } from '../dense/crop-frame.ts';
import type { ViewEvents, ViewScene } from '../viewer/view-data.ts';

/** A line of `fits.jsonl`. */
export interface KeptFitLine {
  readonly file: string;
  readonly frame: CropFrame;
  readonly scene: ViewScene;
}

/** Reads a line of `fits.jsonl`, of which a kill may have left a part: `null` for what is none. */
export function parseKeptFit(line: string): KeptFitLine | null {
  const { file, frame, scene } = fieldsIn(parse(line)), { center, side, roll } = fieldsIn(frame), numbers = readScene(scene);
  if (typeof file !== 'string' || !isNumbers(center, 2) || !isNumber(side) || !isNumber(roll) || !numbers) return null;
  return { file, frame: { center: [center[0]!, center[1]!], side, roll }, scene: numbers };
}

/** Reads what `reconstruct` tells of a fit that runs: `null` for what is none. */
export function parseFitEvent(value: unknown): ViewEvents['fit'] | null {
  const { step, total, scene, frame, losses } = fieldsIn(value), { projection, size, cropToPhoto } = fieldsIn(frame), numbers = readScene(scene), rows = fieldsIn(losses);
  if (!isNumber(step) || !isNumber(total) || !numbers || !isNumber(size) || !isTable(projection, 3, 4) || !isTable(cropToPhoto, 2, 3)) return null;
  return { step, total, scene: numbers, frame: { projection, size, cropToPhoto }, losses: Object.fromEntries(Object.entries(rows).filter((entry): entry is [string, number] => isNumber(entry[1]))) };
}

function readScene(value: unknown): ViewScene | null {
  const { latent, camera, illumination } = fieldsIn(value), { eye, lookAt, focalLength, roll } = fieldsIn(camera), { lightPosition, lightColor, ambientColor } = fieldsIn(illumination);
  if (!isNumbers(latent) || !isNumbers(eye, 3) || !isNumbers(lookAt, 3) || !isNumber(focalLength) || !isNumbers(lightPosition, 3) || !isNumbers(lightColor, 3) || !isNumbers(ambientColor, 3)) return null;
  return { latent, camera: { eye, lookAt, focalLength, ...(isNumber(roll) && { roll }) }, illumination: { lightPosition, lightColor, ambientColor } };
}

const isNumber = (x: unknown): x is number => Number.isFinite(x);

const isNumbers = (x: unknown, count?: number): x is number[] => Array.isArray(x) && (count === undefined || x.length === count) && x.every(isNumber);

const isTable = (x: unknown, rows: number, columns: number): x is number[][] => Array.isArray(x) && x.length === rows && x.every((row) => isNumbers(row, columns));

/** Fields of what may be anything: none where it is no object. */
export const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {});

/** What JSON says; `undefined` where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
