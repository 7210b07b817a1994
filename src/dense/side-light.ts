import { RAW_CAMERA } from './scene.ts';
import type { IlluminationNumbers } from './scene.ts';

/** Of sRGB light. */
const luminance = ([red, green, blue]: readonly number[]): number => 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;

/**
 * How much of a light comes from the side, in [-1, 1]: the point light's share of all light times the x component of its direction as seen from the middle of the face. Positive: from +x, the right in a picture of the front.
 */
export function sideLight({ lightPosition, lightColor, ambientColor }: IlluminationNumbers): number {
  const center = [RAW_CAMERA.lookAtX.at, RAW_CAMERA.lookAtY.at, RAW_CAMERA.lookAtZ.at], direction = lightPosition.map((x, k) => x - center[k]!), length = Math.hypot(...direction), point = luminance(lightColor), all = point + luminance(ambientColor);
  return all > 0 && length > 0 ? (point / all) * (direction[0]! / length) : 0;
}

/** The same light from the other side. */
export const mirrorLight = ({ lightPosition: [x, ...rest], ...colors }: IlluminationNumbers): IlluminationNumbers => ({ lightPosition: [-x!, ...rest], ...colors });
