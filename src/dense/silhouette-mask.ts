import { ArgumentError } from '../core/errors.ts';
import { assertPixelImage, type PixelImage } from '../io/image.ts';

/**
 * A mask as grey pixels of three channels: its alpha where any pixel is not opaque, as in a cut-out, otherwise its brightness.
 *
 * @param mask - White or opaque where the photograph shows the face; of the photograph's size.
 * @throws {@link ArgumentError} if the size is another, or no pixel is above black.
 */
export function silhouetteMask(where: string, mask: PixelImage, { width, height }: Pick<PixelImage, 'width' | 'height'>): PixelImage {
  assertPixelImage(where, mask);
  if (mask.width !== width || mask.height !== height) throw new ArgumentError(where, 'silhouette', `the photograph's ${width} x ${height} pixels`, `${mask.width} x ${mask.height}`);
  const { channels, data } = mask, count = width * height, grey = new Uint8Array(3 * count);
  const cut = channels === 4 && data.some((x, i) => i % 4 === 3 && x < 255);
  for (let p = 0; p < count; p++) {
    const at = channels * p;
    grey.fill(cut ? data[at + 3]! : Math.round((data[at]! + data[at + 1]! + data[at + 2]!) / 3), 3 * p, 3 * p + 3);
  }
  if (!grey.some((x) => x > 0)) throw new ArgumentError(where, 'silhouette', 'pixels that are white or opaque, where the face is', 'none');
  return { width, height, channels: 3, data: grey };
}
