import type { IlluminationNumbers } from '../dense/scene.ts';

/** A light as one turns its knobs. Colours are of full brightness: their largest channel is 1. */
export interface LightKnobs {
  /** Radians about +Y from the viewer's side, positive towards +X. */
  readonly azimuth: number;
  /** Radians above the horizon. */
  readonly elevation: number;
  /** From the middle of the mesh, in its units. */
  readonly distance: number;
  readonly strength: number;
  readonly color: readonly number[];
  readonly ambientStrength: number;
  readonly ambientColor: readonly number[];
}

/** The knobs of a light that shines on something at `pivot`; {@link illuminationOf} takes them back. */
export function lightKnobs({ lightPosition, lightColor, ambientColor }: IlluminationNumbers, pivot: readonly number[]): LightKnobs {
  const [x, y, z] = lightPosition.map((value, k) => value - pivot[k]!) as [number, number, number], distance = Math.hypot(x, y, z) || 1;
  const strength = Math.max(...lightColor), ambientStrength = Math.max(...ambientColor);
  const full = (color: readonly number[], by: number): number[] => color.map((value) => (by > 0 ? value / by : 1));
  return { azimuth: Math.atan2(x, z), elevation: Math.asin(y / distance), distance, strength, color: full(lightColor, strength), ambientStrength, ambientColor: full(ambientColor, ambientStrength) };
}

/** The light that knobs stand for. */
export function illuminationOf({ azimuth, elevation, distance, strength, color, ambientStrength, ambientColor }: LightKnobs, pivot: readonly number[]): IlluminationNumbers {
  const direction = [Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation), Math.cos(azimuth) * Math.cos(elevation)];
  return { lightPosition: direction.map((value, k) => pivot[k]! + distance * value), lightColor: color.map((value) => strength * value), ambientColor: ambientColor.map((value) => ambientStrength * value) };
}
