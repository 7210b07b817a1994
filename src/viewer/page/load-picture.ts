import type { ViewPhoto } from '../view-data.ts';
import type { Picture } from './scene/face-scene.ts';

const known = new Map<string, Promise<Picture>>();

/** The picture of a photograph; several faces may share one, which is loaded once. */
export function loadPicture({ url, width, height }: ViewPhoto): Promise<Picture> {
  const loaded = known.get(url) ?? (async () => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return { image, width, height };
  })();
  known.set(url, loaded);
  return loaded;
}
