import type { Random } from '../core/random.ts';
import type { HeadTopology } from '../data/head-topology.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';
import { meshImage, viewOfMesh } from './mesh-image.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { renderFace } from './render-face.ts';
import { RAW_CAMERA, sceneNumbers, type SceneNumbers } from './scene.ts';

/** What is behind the face. */
export const SCENE_BACKGROUNDS = ['black', 'white', 'noise'] as const;

/** A picture of which everything is known. */
export interface SyntheticScene {
  readonly photo: PixelImage;
  readonly scene: SceneNumbers;
  readonly background: typeof SCENE_BACKGROUNDS[number];
  /** `[V, 2]` where each vertex is seen, pixels. */
  readonly seen: readonly Point[];
  /** About the 68 points and the forehead, as detectors draw it. */
  readonly box: Box;
  readonly landmarks5: readonly Point[];
}

/** Edge of the picture in pixels, and millimetres that it shows. */
const SIZE = 256, SHOWN_MM = 330;

/** Greatest yaw and pitch, radians: 20 degrees. */
const TURN = Math.PI / 9;

/**
 * Draws a face of the model's own under a random camera and light: latent standard normal, yaw and pitch uniform to 20 degrees, roll to 8, light
 * from anywhere before the face, warm or cold, one of {@link SCENE_BACKGROUNDS} in turn.
 *
 * @param index - Chooses the background.
 */
export function syntheticScene(model: FaceModel, random: Random, index: number): SyntheticScene {
  const latent = Array.from({ length: model.decoder.config.latentSize }, () => random.normal()), scene = sceneNumbers([...latent, ...randomView(random)], 'roll'), { mesh, colors, mask } = renderFace(scene, model, SIZE);
  return { ...pictured({ colors, mask, vertices: mesh.vertices }, model.topology, scene, random, index, 0), scene };
}

/** A head that no decoder made: `[V, 3]` millimetres and sRGB. */
export interface ColoredHead {
  readonly vertices: Float32Array;
  readonly colors: Float32Array;
}

/** Camera and light of a scene. */
export type HeadView = Omit<SceneNumbers, 'latent'>;

/** Deviation of the noise in {@link headScene}, in [0, 1]: two levels of 8 bits. */
const NOISE = 2 / 255;

/** Samples along an edge of a pixel of {@link headScene}. */
const SAMPLES = 4;

/**
 * Draws a head that no decoder made, in the model's topology, as {@link syntheticScene} draws its own: each pixel the mean of 4 x 4 samples, and noise on it.
 *
 * @param head - Millimetres and sRGB, as the head generator samples them.
 */
export function headScene(head: ColoredHead, topology: HeadTopology, random: Random, index: number): Omit<SyntheticScene, 'scene'> {
  return drawHead(head, topology, randomHeadView(random), random, index);
}

/** The camera and the light that {@link headScene} draws. */
export function randomHeadView(random: Random): HeadView {
  const { camera, illumination } = sceneNumbers(randomView(random), 'roll');
  return { camera, illumination };
}

/** {@link headScene} under a given camera and light; the random stream gives background and noise. */
export function drawHead(head: ColoredHead, topology: HeadTopology, { camera, illumination }: HeadView, random: Random, index: number): Omit<SyntheticScene, 'scene'> {
  const n = SAMPLES / 2;
  const { data } = meshImage({ ...head, faces: topology.faces }, viewOfMesh(head, { ...camera, ...illumination }), n * SIZE), colors = new Float32Array(3 * SIZE * SIZE), mask = new Float32Array(SIZE * SIZE);
  for (let p = 0; p < n * n * SIZE * SIZE; p++) {
    const to = Math.floor(Math.floor(p / (n * SIZE)) / n) * SIZE + Math.floor((p % (n * SIZE)) / n), alpha = data[4 * p + 3]! / 255;
    mask[to]! += alpha / (n * n);
    for (let k = 0; k < 3; k++) colors[3 * to + k]! += (alpha * data[4 * p + k]!) / 255 / (n * n);
  }
  return pictured({ colors: colors.map((x, i) => x / Math.max(1e-6, mask[Math.floor(i / 3)]!)), mask, vertices: head.vertices }, topology, { camera, illumination, latent: new Float32Array(0) }, random, index, NOISE);
}

/** Raw numbers of a random camera and light, in the pose form `roll`. */
function randomView(random: Random): number[] {
  const turn = (limit: number, unit: number): number => random.uniform(-limit, limit) / unit;
  const raw = [
    turn(TURN, RAW_CAMERA.yaw.unit), turn(TURN, RAW_CAMERA.pitch.unit), random.normal(0, 0.5), random.normal(0, 0.5), random.normal(0, 0.5), turn(0.14, RAW_CAMERA.roll.unit),
    Math.log(220 / SHOWN_MM) / RAW_CAMERA.logSize.unit + random.normal(0, 0.3), random.normal(), random.normal(0, 0.5), random.normal(0, 0.3),
  ];
  const [light, ambient] = [random.normal(0, 0.5), random.normal(0, 0.5)];
  for (let k = 0; k < 3; k++) {
    raw[10 + k] = light + random.normal(0, 0.2);
    raw[13 + k] = ambient + random.normal(0, 0.2);
  }
  return raw;
}

/** A drawn face before its background, and what is known of it. */
function pictured(
  { colors, mask, vertices }: { readonly colors: Float32Array; readonly mask: Float32Array; readonly vertices: Float32Array }, topology: HeadTopology, scene: SceneNumbers, random: Random, index: number, grain: number,
): Omit<SyntheticScene, 'scene'> {
  const background = SCENE_BACKGROUNDS[index % 3]!, noise = random.fork('background'), sensor = random.fork('sensor');
  const behind: Record<typeof background, () => number> = { black: () => 0, white: () => 1, noise: () => noise.uniform() };
  const photo = imageFromFloats(colors.map((x, i) => { const m = mask[Math.floor(i / 3)]!; return m * x + (1 - m) * behind[background]() + (grain > 0 ? sensor.normal(0, grain) : 0); }), SIZE, SIZE);
  const projection = photoProjection(scene.camera, [[1, 0, 0], [0, 1, 0]], SIZE), seen = Array.from({ length: vertices.length / 3 }, (_, v) => projectPoint(projection, vertices, 3 * v));
  const points = Array.from(topology.landmarks68, (v) => seen[v]!), xs = points.map(([x]) => x), ys = points.map(([, y]) => y), top = Math.min(...ys), bottom = Math.max(...ys);
  return { photo, background, seen, box: [Math.min(...xs), top - 0.25 * (bottom - top), Math.max(...xs), bottom], landmarks5: Array.from(topology.landmarks5, (v) => seen[v]!) };
}

/** Points moved by a normal `share` of the box's edges. */
export function jitterPoints(points: readonly Point[], [x1, y1, x2, y2]: Box, share: number, random: Random): Point[] {
  return points.map(([x, y]) => [x + random.normal(0, share * (x2 - x1)), y + random.normal(0, share * (y2 - y1))]);
}

/** A box whose four edges moved by up to `share` of its size. */
export function jitterBox([x1, y1, x2, y2]: Box, share: number, random: Random): Box {
  const by = (edge: number): number => random.uniform(-share, share) * edge, w = x2 - x1, h = y2 - y1;
  return [x1 + by(w), y1 + by(h), x2 + by(w), y2 + by(h)];
}
