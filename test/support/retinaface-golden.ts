import { existsSync, readFileSync } from 'node:fs';

const FOLDER = '../shared/data/golden/retinaface';

/** For test names: why goldens are skipped, or nothing. */
export const NO_RETINAFACE_GOLDEN = existsSync(FOLDER) ? '' : ` [skipped: no ${FOLDER}]`;

/** What the published network (mobilenet0.25) and its own post-processing gave for one picture. */
export interface RetinaFaceGolden {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** A, the number of anchors. */
  readonly priors: number;
  /** x1, y1, x2, y2, score, of confidence .02 and NMS at .4; best first. */
  readonly detections: readonly (readonly number[])[];
  readonly landmarks: readonly (readonly number[])[];
}

interface ManifestItem { size: [number, number]; priors: number; 'dets_conf0.02_nms0.4': number[][]; landms: number[][] }

/** All pictures of the manifest. */
export function retinaFaceGoldens(): RetinaFaceGolden[] {
  if (NO_RETINAFACE_GOLDEN) return [];
  const { items } = JSON.parse(readFileSync(`${FOLDER}/manifest.json`, 'utf8')) as { items: Record<string, ManifestItem> };
  return Object.entries(items).map(([name, { size, priors, 'dets_conf0.02_nms0.4': detections, landms }]) => ({ name, width: size[0], height: size[1], priors, detections, landmarks: landms }));
}

/** A float32 dump of a picture of which the whole output is kept: priors `[A, 4]` (of the picture's size), loc `[A, 4]`, conf `[A, 2]` (softmaxed), landm `[A, 10]`. */
export function goldenDump(name: string, part: 'priors' | 'loc' | 'conf' | 'landm'): Float32Array {
  const bytes = readFileSync(`${FOLDER}/${name}.${part}.f32`);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The pictures of which {@link goldenDump} has everything. */
export const goldensWithDumps = (): RetinaFaceGolden[] => retinaFaceGoldens().filter(({ name }) => existsSync(`${FOLDER}/${name}.priors.f32`));

/** The decoded picture as it was fed to the network, or undefined where it is not kept. */
export const goldenPicture = (name: string): string | undefined => [`${FOLDER}/${name}.png`].find((path) => existsSync(path));
