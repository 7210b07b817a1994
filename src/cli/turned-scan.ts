import { SEVEN_OF_68 } from '../data/face-area.ts';
import type { PixelImage } from '../io/image.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { CommandContext } from './context.ts';
import type { LoadedModel } from './load-model.ts';
import type { ShapeMesh } from './shape-meshes.ts';

/** How well the fit of a picture of the scan met the seven points. */
export interface TurnedFit {
  /** Degrees. */
  readonly angle: number;
  /** Mean distance of the seven points / sqrt(w h) of the box. */
  readonly nme: number;
  /** The same / distance of the outer eye corners in space, which turning does not shorten. */
  readonly nmeEyes: number;
  /** Mean absolute difference of colours under the face mask. */
  readonly color: number;
  readonly seconds: number;
}

/** Edge of the pictures of the scan. */
const SIZE = 512;

/** Draws the scan at each angle, fits the picture, and gives the fitted meshes and their figures, and one picture of all: photo, mesh over photo, difference. */
export async function fitTurnedScan(context: CommandContext, scan: TriangleMesh, places: readonly number[], angles: readonly number[], loaded: LoadedModel): Promise<{ meshes: ShapeMesh[]; fits: TurnedFit[]; sheet: PixelImage }> {
  const [{ decodeMesh }, { fitFace }, { portraitPicture }, { frontalScan, turnedHead }, { tileImages }] = await Promise.all([
    import('../decoder/decode-mesh.ts'), import('../dense/fit-face.ts'), import('../dense/portrait-picture.ts'), import('../dense/turned-head.ts'), import('../io/image.ts')]);
  const { model } = loaded, { topology } = model, points = SEVEN_OF_68.map((i) => topology.landmarks68[i]!);
  const front = frontalScan(scan, places, decodeMesh(model, new Float32Array(model.decoder.config.latentSize)).vertices, topology), meshes: ShapeMesh[] = [], fits: TurnedFit[] = [], panels: PixelImage[] = [], began = performance.now();
  for (const angle of angles) {
    const { photo, box, landmarks5, seven, eyes } = turnedHead(front, topology, angle * Math.PI / 180, SIZE), fit = await fitFace(photo, { box, landmarks: landmarks5 }, model, {}, { signal: context.signal });
    const error = SEVEN_OF_68.reduce((sum, i, k) => sum + Math.hypot(fit.landmarks68[i]![0] - seven[k]![0], fit.landmarks68[i]![1] - seven[k]![1]) / 7, 0);
    meshes.push({ name: `fit at ${angle} degrees`, mesh: decodeMesh(model, fit.scene.latent), points });
    fits.push({ angle, nme: error / Math.sqrt((box[2] - box[0]) * (box[3] - box[1])), nmeEyes: error / eyes, color: fit.losses.color!, seconds: fit.seconds });
    panels.push(portraitPicture(photo, fit, seven, model));
    context.progress({ label: 'fit turned heads', done: fits.length, total: angles.length, seconds: (performance.now() - began) / 1000 });
  }
  return { meshes, fits, sheet: tileImages(panels, 1) };
}

/** Lines for a person. */
export const formatTurned = (fits: readonly TurnedFit[]): string[] => (fits.length === 0 ? [] : ['fits of the scan\'s own picture, told five points; error of the seven marked points:', ...fits.map(({ angle, nme, nmeEyes, color, seconds }) =>
  `  ${String(angle).padStart(3)} degrees: NME ${(100 * nme).toFixed(2)} % of sqrt(w h), ${(100 * nmeEyes).toFixed(2)} % of the outer eye corners' distance; colour difference ${color.toFixed(4)}, ${seconds.toFixed(1)} s`)]);
