/** The activation of a kernel by its numbers: `min(max(y, slope y, low), high)`. */
export type ActivationNumbers = readonly [slope: number, low: number, high: number];

export const LINEAR: ActivationNumbers = [1, -Infinity, Infinity];

/** The numbers of an activation that TensorFlow.js names; `null` for those that have none. */
export function activationNumbers(name: string, alpha = 0): ActivationNumbers | null {
  if (name === 'linear') return LINEAR;
  if (name === 'relu') return [1, 0, Infinity];
  if (name === 'relu6') return [1, 0, 6];
  if (name === 'leakyrelu' && alpha >= 0 && alpha <= 1) return [alpha, -Infinity, Infinity];
  return null;
}
