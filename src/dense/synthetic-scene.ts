import type { Random } from '../core/random.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { imageFromFloats, type PixelImage } from '../io/image.ts';
import type { Box, Point } from './crop-frame.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { renderFace } from './render-face.ts';
import { POSE_AND_LIGHT, RAW_CAMERA, sceneNumbers, type SceneNumbers } from './scene.ts';

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
  const L = model.decoder.config.latentSize, raw = new Float64Array(L + POSE_AND_LIGHT), background = SCENE_BACKGROUNDS[index % 3]!;
  for (let i = 0; i < L; i++) raw[i] = random.normal();
  const turn = (limit: number, unit: number): number => random.uniform(-limit, limit) / unit;
  raw.set([
    turn(TURN, RAW_CAMERA.yaw.unit), turn(TURN, RAW_CAMERA.pitch.unit), random.normal(0, 0.5), random.normal(0, 0.5), random.normal(0, 0.5), turn(0.14, RAW_CAMERA.roll.unit),
    Math.log(220 / SHOWN_MM) / RAW_CAMERA.logSize.unit + random.normal(0, 0.3), random.normal(), random.normal(0, 0.5), random.normal(0, 0.3),
  ], L);
  const [light, ambient] = [random.normal(0, 0.5), random.normal(0, 0.5)];
  for (let k = 0; k < 3; k++) {
    raw[L + 10 + k] = light + random.normal(0, 0.2);
    raw[L + 13 + k] = ambient + random.normal(0, 0.2);
  }
  const scene = sceneNumbers(raw, 'roll'), { mesh, colors, mask } = renderFace(scene, model, SIZE), noise = random.fork('background');
  const behind: Record<typeof background, () => number> = { black: () => 0, white: () => 1, noise: () => noise.uniform() };
  const photo = imageFromFloats(colors.map((x, i) => { const m = mask[Math.floor(i / 3)]!; return m * x + (1 - m) * behind[background](); }), SIZE, SIZE);
  const projection = photoProjection(scene.camera, [[1, 0, 0], [0, 1, 0]], SIZE), seen = Array.from({ length: mesh.vertices.length / 3 }, (_, v) => projectPoint(projection, mesh.vertices, 3 * v));
  const points = Array.from(model.topology.landmarks68, (v) => seen[v]!), xs = points.map(([x]) => x), ys = points.map(([, y]) => y), top = Math.min(...ys), bottom = Math.max(...ys);
  return { photo, scene, background, seen, box: [Math.min(...xs), top - 0.25 * (bottom - top), Math.max(...xs), bottom], landmarks5: Array.from(model.topology.landmarks5, (v) => seen[v]!) };
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
