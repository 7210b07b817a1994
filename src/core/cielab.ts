import { srgbToLinear } from './srgb.ts';

/** Rows of linear sRGB to XYZ (IEC 61966-2-1), each divided by the white point's value: D65, 2 degrees. */
const TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]].map((row) => row.map((x) => x / row.reduce((a, b) => a + b)));

/** CIELAB `[L*, a*, b*]` of an sRGB colour in [0, 1], relative to D65: CIE 15:2004, section 8.2.1. */
export function cielab([red, green, blue]: ArrayLike<number> & Iterable<number>): [lightness: number, a: number, b: number] {
  const linear = [red!, green!, blue!].map(srgbToLinear);
  const [x, y, z] = TO_XYZ.map((row) => row.reduce((sum, w, k) => sum + w * linear[k]!, 0)).map((t) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
