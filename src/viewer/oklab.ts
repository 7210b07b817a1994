import { linearToSrgb, srgbToLinear } from '../core/srgb.ts';

/** Lightness in [0, 1], green to red, blue to yellow: equal distances look about equally large. */
export type Oklab = readonly [lightness: number, a: number, b: number];

/** The OKLab colour of sRGB values in [0, 1]. Ottosson, "A perceptual color space for image processing", 2020. */
export function oklabFromSrgb(red: number, green: number, blue: number): Oklab {
  const r = srgbToLinear(red), g = srgbToLinear(green), b = srgbToLinear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b), m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b), s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

/** The sRGB colour of {@link oklabFromSrgb}, cut to [0, 1] where the screen does not reach. */
export function srgbFromOklab([lightness, a, b]: Oklab): [red: number, green: number, blue: number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3, m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3, s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (x: number): number => linearToSrgb(Math.min(1, Math.max(0, x)));
  return [cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s), cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s), cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)];
}
