import { ArgumentError } from '../core/errors.ts';
import { assertPixelImage, type PixelImage, tileImages } from '../io/image.ts';

/** How much brighter the difference is shown than it is. */
export const DIFFERENCE_GAIN = 4;

/**
 * Three pictures side by side: the photo, the mesh over the photo, and {@link DIFFERENCE_GAIN} times their absolute difference under the mask.
 *
 * @param crop - 4 channels; alpha is not looked at.
 * @param render - 4 channels of the same size; alpha lays it over the crop.
 * @throws {@link ArgumentError} if the sizes or channels differ.
 */
export function overlayImage(crop: PixelImage, render: PixelImage): PixelImage {
  const { width, height } = crop;
  for (const image of [crop, render]) assertPixelImage('overlayImage', image);
  if (crop.channels !== 4 || render.channels !== 4 || render.width !== width || render.height !== height) {
    throw new ArgumentError('overlayImage', 'render', `4 channels and the crop's ${width} x ${height} pixels`, `${render.channels} and ${render.width} x ${render.height}`);
  }
  const panels = [0, 1, 2].map(() => new Uint8Array(3 * width * height)), [photo, over, difference] = panels as [Uint8Array, Uint8Array, Uint8Array];
  for (let i = 0; i < width * height; i++) {
    const alpha = render.data[4 * i + 3]! / 255;
    for (let k = 0; k < 3; k++) {
      const seen = crop.data[4 * i + k]!, drawn = render.data[4 * i + k]!;
      photo[3 * i + k] = seen;
      over[3 * i + k] = Math.round(seen + alpha * (drawn - seen));
      difference[3 * i + k] = Math.min(255, Math.round(DIFFERENCE_GAIN * alpha * Math.abs(drawn - seen)));
    }
  }
  return tileImages(panels.map((data) => ({ width, height, channels: 3, data })), 3);
}
