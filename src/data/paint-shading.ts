import { type HeadCanvas, tint } from './head-canvas.ts';

/**
 * Soft light from all sides, as a smooth function of the normal: spherical harmonics of orders 1 and 2 with small random weights.
 *
 * No albedo, strictly: photographs have several lamps and bounced light, and what one point light and an even ambient light
 * cannot explain, a fit must find in the colours.
 *
 * Ramamoorthi and Hanrahan, "An efficient representation for irradiance environment maps", SIGGRAPH 2001, equation 3.
 *
 * @param normals - `[V, 3]` of the mean head, so that the fields are the same for all heads: few directions for a decoder to learn.
 */
export function paintShading(canvas: HeadCanvas, normals: ArrayLike<number>): void {
  const { random, colors } = canvas, amount = random.uniform(0.3, 1.3), warmth = random.normal(0, 0.15);
  const [lx, ly, lz, lxy, lyz, lzz, lxz, lxx] = [0.05, 0.05, 0.03, 0.05, 0.05, 0.05, 0.05, 0.05].map((deviation) => amount * random.normal(0, deviation)) as [number, number, number, number, number, number, number, number];
  for (let v = 0; v < colors.length / 3; v++) {
    const x = normals[3 * v]!, y = normals[3 * v + 1]!, z = normals[3 * v + 2]!;
    // Orders as they act on a face that looks along +Z: constants are taken out, so that the mean tone stays.
    const s = lx * x + ly * y + lz * (z - 0.7) + lxy * x * y * 2 + lyz * y * z * 2 + lzz * (z * z - 0.55) * 1.5 + lxz * x * z * 2 + lxx * (x * x - y * y) * 1.2;
    tint(canvas, v, Math.exp(s * (1 + warmth)), Math.exp(s), Math.exp(s * (1 - warmth)));
  }
}
