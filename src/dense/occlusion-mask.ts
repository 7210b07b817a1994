/** Edge of the window over which differences are averaged, as a share of the crop's: what hides a face is larger than a pixel, and the edge of a lip that is a pixel off is not. */
const WINDOW = 5 / 112;

/** RGB length in [0, 1.7] below which a difference hides nothing, however well the rest is explained. */
const LEAST = 0.08;

/**
 * How much of each pixel of a crop shows the face and not what is before it: a hand, hair, glasses, or whatever else the face model cannot draw.
 *
 * `1 / (1 + (d / limit)^4)`, `d` the difference's mean over the face's pixels in a window about the pixel, `limit` `factor` times its mean over the whole face.
 *
 * @param differences - `[size * size]` between the drawn face and the photograph, RGB lengths; below 0 where there is no face.
 * @param factor - Above 0; Infinity: nothing hides the face.
 * @returns `[size * size]` in [0, 1]; 1 where there is no face.
 */
export function occlusionMask(differences: ArrayLike<number>, size: number, factor: number): Float32Array {
  const radius = Math.max(1, Math.round((WINDOW * size - 1) / 2)), sums = new Float64Array(differences.length), counts = new Float64Array(differences.length);
  let sum = 0, count = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const d = differences[y * size + x]!;
      if (d < 0) continue;
      sum += d;
      count++;
      for (let v = Math.max(0, y - radius); v <= Math.min(size - 1, y + radius); v++) {
        for (let u = Math.max(0, x - radius); u <= Math.min(size - 1, x + radius); u++) {
          sums[v * size + u]! += d;
          counts[v * size + u]!++;
        }
      }
    }
  }
  const limit = Math.max(LEAST, factor * Math.max(sum / Math.max(count, 1), Number.MIN_VALUE));
  return Float32Array.from(sums, (s, p) => (differences[p]! < 0 ? 1 : 1 / (1 + (s / counts[p]! / limit) ** 4)));
}
