import { ArgumentError } from '../core/errors.ts';
import type { SceneRecord } from '../dense/scene-record.ts';
import type { PixelImage } from '../io/image.ts';
import type { LoadedModel } from './load-model.ts';

/** The picture `render.png` of a scene's first face; `size` other than the scene's gives another resolution of it. */
export async function sceneImage(scene: SceneRecord, { model }: Pick<LoadedModel, 'model'>, size = scene.options.size): Promise<PixelImage> {
  const [{ cutOut }, { renderFace }] = await Promise.all([import('../dense/cut-out.ts'), import('../dense/render-face.ts')]);
  const { colors, faceMask } = renderFace(scene.faces[0]!, model, size);
  return cutOut(colors, faceMask, size, size);
}

/**
 * Checks that a scene was made with this very model.
 *
 * @throws {@link ArgumentError} naming both, if not.
 */
export function assertSameModel(scene: Pick<SceneRecord, 'model'>, { name, sha256 }: Pick<LoadedModel, 'name' | 'sha256'>, where: string): void {
  if (scene.model.sha256 === sha256) return;
  throw new ArgumentError(where, 'the decoder', `checksum ${scene.model.sha256.slice(0, 12)}... of ${scene.model.name}, with which the scene was made`, `${sha256.slice(0, 12)}... of ${name}; give that file as --decoder`);
}
