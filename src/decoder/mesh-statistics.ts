import { ArgumentError } from '../core/errors.ts';

/** The mean coloured mesh and how far each vertex departs from it, in the input order of vertices. */
export interface MeshStatistics {
  /** `[V, 3]`, mm. */
  readonly vertices: Float32Array;
  /** `[V, 3]`, sRGB, inside (0, 1). */
  readonly colors: Float32Array;
  /** `[V]`, mm per unit of the network's output. */
  readonly vertexScale: Float32Array;
  /** `[V]`, sRGB before `boundColor` per unit of the network's output. */
  readonly colorScale: Float32Array;
  /** Weights of the fitted up-sampling of the linear shape path, in the order of `upSamplingPattern`; absent: the hierarchy's own. */
  readonly linearShapeUp?: Float32Array;
  /** The same for the colours. */
  readonly linearColorUp?: Float32Array;
}

/** @throws {@link ArgumentError} if sizes differ from `vertexCount` or a number is not finite or a scale not positive. */
export function assertMeshStatistics(where: string, statistics: MeshStatistics, vertexCount: number): void {
  const lengths = { vertices: 3 * vertexCount, colors: 3 * vertexCount, vertexScale: vertexCount, colorScale: vertexCount } as const;
  for (const name of Object.keys(lengths) as (keyof typeof lengths)[]) {
    const values = statistics[name], scale = name.endsWith('Scale');
    if (values.length !== lengths[name]) throw new ArgumentError(where, `statistics.${name}`, `length ${lengths[name]}`, `${values.length}`);
    const stray = values.findIndex((x) => !Number.isFinite(x) || (scale && x <= 0));
    if (stray >= 0) throw new ArgumentError(where, `statistics.${name}[${stray}]`, scale ? 'a positive number' : 'a finite number', `${values[stray]}`);
  }
}
