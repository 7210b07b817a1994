import { createRandom } from '../core/random.ts';
import { decodeMesh } from '../decoder/decode-mesh.ts';
import type { FaceModel } from '../decoder/face-model.ts';
import { cropToPhoto } from './crop-frame.ts';
import { fitFace, type FitControl, type FitOptions } from './fit-face.ts';
import { photoProjection, projectPoint } from './photo-projection.ts';
import { jitterBox, jitterPoints, type SyntheticScene } from './synthetic-scene.ts';

/** What a fit is told of a scene: five points moved by 2 % of the box, or the box alone with edges moved by 10 %. */
export type SceneHint = 'points' | 'box';

/** How far a fit came. */
export interface SceneScore {
  readonly index: number;
  readonly background: string;
  /** Mean over the face's vertices of the distance at which they are seen, pixels of a crop of 112. */
  readonly reprojection: number;
  /** Mean absolute difference from the picture under the face mask, of 255; the render is cut to white, as the picture was. */
  readonly color: number;
  readonly recovered: boolean;
  readonly seconds: number;
}

/** A scene is recovered within these. */
export const RECOVERED = { reprojection: 1, color: 2 } as const;

/** Shares of the box by which points and edges are moved. */
const JITTER = { points: 0.02, box: 0.1 } as const;

/** Fits a scene as `fitFace` starts by itself and compares with what is known of it. */
export async function evaluateScene(
  { photo, background, seen, box, landmarks5 }: Omit<SyntheticScene, 'scene'>, hint: SceneHint, index: number, model: FaceModel, options: Partial<FitOptions> = {}, control: FitControl = {},
): Promise<SceneScore> {
  const random = createRandom(index).fork(hint);
  const target = hint === 'points' ? { box, landmarks: jitterPoints(landmarks5, box, JITTER.points, random) } : { box: jitterBox(box, JITTER.box, random) };
  const { scene, frame, losses, seconds, size } = await fitFace(photo, target, model, options, control);
  const { vertices } = decodeMesh(model, scene.latent), projection = photoProjection(scene.camera, cropToPhoto(frame, size), size);
  let sum = 0, count = 0;
  model.topology.faceMask.forEach((weight, v) => {
    if (weight <= 0.5) return;
    const [x, y] = projectPoint(projection, vertices, 3 * v);
    sum += Math.hypot(x - seen[v]![0], y - seen[v]![1]);
    count++;
  });
  const reprojection = (sum / count / frame.side) * 112, color = 255 * losses.color!;
  return { index, background, reprojection, color, recovered: reprojection <= RECOVERED.reprojection && color <= RECOVERED.color, seconds };
}
