/** Linear light in [0, 1] of an sRGB value in [0, 1]: IEC 61966-2-1. */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The sRGB value in [0, 1] of linear light in [0, 1]: IEC 61966-2-1. */
export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Derivative of {@link srgbToLinear}. */
export function srgbToLinearSlope(value: number): number {
  return value <= 0.04045 ? 1 / 12.92 : (2.4 / 1.055) * ((value + 0.055) / 1.055) ** 1.4;
}

/** Derivative of {@link linearToSrgb}. */
export function linearToSrgbSlope(value: number): number {
  return value <= 0.0031308 ? 12.92 : (1.055 / 2.4) * value ** (1 / 2.4 - 1);
}
