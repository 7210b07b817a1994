import { cielab } from '../core/cielab.ts';

/**
 * The individual typology angle of a skin colour, degrees: `atan((L* - 50) / b*)` in CIELAB, D65. Light skin has a large one, dark skin a negative one.
 *
 * Where b* is not above 0, which no skin under neutral light has, the angle goes on beyond +-90 instead of jumping. Of an albedo that is known only up to its light it says how light
 * the skin came out, not how light it is.
 *
 * Chardon, Cretois and Hourseau, "Skin colour typology and suntanning pathways", Int. J. Cosmetic Science 13, 1991.
 *
 * @param color - sRGB in [0, 1].
 */
export function typologyAngle(color: ArrayLike<number> & Iterable<number>): number {
  const [lightness, , b] = cielab(color);
  return (Math.atan2(lightness - 50, b) * 180) / Math.PI;
}

/** The usual classes of the angle: the name and the least degrees, lightest first. */
export const TYPOLOGY_CLASSES = [['very light', 55], ['light', 41], ['intermediate', 28], ['tan', 10], ['brown', -30], ['dark', -Infinity]] as const;

/** The usual name of an angle's class. Del Bino and Bernerd, British Journal of Dermatology 169, 2013. */
export const typologyClass = (degrees: number): typeof TYPOLOGY_CLASSES[number][0] => TYPOLOGY_CLASSES.find(([, least]) => degrees > least)?.[0] ?? 'dark';
