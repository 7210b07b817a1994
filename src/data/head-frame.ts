/**
 * Where the origin of the project's heads lies in MakeHuman's space, decimetres: in the middle plane, between the heights of eyes
 * and nose tip, some 60 mm behind the bridge of the nose.
 */
export const HEAD_ORIGIN = [0, 7.18, 0.75] as const;

/** Positions in MakeHuman's decimetres as millimetres about {@link HEAD_ORIGIN}, `[V, 3]`. */
export function toHeadFrame(positions: ArrayLike<number>): Float64Array {
  return Float64Array.from(positions, (x, i) => 100 * (x - HEAD_ORIGIN[i % 3]!));
}
