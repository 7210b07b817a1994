import { existsSync, mkdirSync } from 'node:fs';
import sharp from 'sharp';

const FOLDER = '../shared/data/golden/tf_mesh_renderer';

/** The reference images are beside the checkout, not in it. */
export const HAVE_GOLDENS = existsSync(FOLDER);
export const GOLDENS_ABSENT = HAVE_GOLDENS ? '' : ` [skipped: no ${FOLDER}]`;

/**
 * Asserts that at most `fraction` of the pixels have a channel off by more than `threshold`. Otherwise writes the image and the reference, side
 * by side, under test/artifacts.
 *
 * @param image - `[height, width, 4]` in [0, 1], row 0 at the top.
 * @throws Error with the fraction found.
 */
export async function expectGolden(name: string, image: ArrayLike<number>, { fraction = 0.001, threshold = 0.01 } = {}): Promise<void> {
  const { data, info: { width, height } } = await sharp(`${FOLDER}/${name}.png`).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  if (image.length !== data.length) throw new Error(`${name}: ${image.length} numbers, expected ${width} x ${height} x 4`);
  let outliers = 0;
  for (let p = 0; p < width * height; p++) if ([0, 1, 2, 3].some((c) => !(Math.abs(image[4 * p + c]! - data[4 * p + c]! / 255) <= threshold))) outliers++;
  if (outliers <= fraction * width * height) return;
  mkdirSync('test/artifacts', { recursive: true });
  const ours = await sharp(Uint8Array.from(image, (x) => 255 * x), { raw: { width, height, channels: 4 } }).png().toBuffer();
  await sharp({ create: { width: 2 * width, height, channels: 4, background: '#808080' } })
    .composite([{ input: ours, left: 0, top: 0 }, { input: `${FOLDER}/${name}.png`, left: width, top: 0 }]).png().toFile(`test/artifacts/${name}.png`);
  throw new Error(`${name}: ${((100 * outliers) / width / height).toFixed(3)} % of the pixels are off by more than ${threshold}; see test/artifacts/${name}.png`);
}
