import type { ShapeError } from '../data/shape-error.ts';
import type { Similarity } from '../mesh/align-points.ts';
import type { TriangleMesh } from '../mesh/triangle-mesh.ts';
import type { LineChart } from './line-chart.ts';

/** One mesh against the scan, with and without scale. */
export interface ShapeScore {
  readonly name: string;
  readonly scaled: ShapeError;
  readonly unscaled: ShapeError;
}

/** Millimetres at the end of the cumulative curve, and its steps. */
const CURVE = { end: 7, steps: 70 } as const;

/** Share of the face area's surface up to each distance. */
export function errorCurve({ distance, weight }: Pick<ShapeError, 'distance' | 'weight'>): { distance: number; share: number }[] {
  const order = Array.from(distance.keys()).filter((v) => weight[v]! > 0).sort((a, b) => distance[a]! - distance[b]!);
  let next = 0, share = 0;
  return Array.from({ length: CURVE.steps + 1 }, (_, i) => {
    const edge = CURVE.end * i / CURVE.steps;
    for (; next < order.length && distance[order[next]!]! <= edge; next++) share += weight[order[next]!]!;
    return { distance: edge, share: next === order.length ? 1 : Math.min(1, share) };
  });
}

/** The figures of one alignment, without the list of distances. */
export const shapeFigures = ({ median, mean, deviation, points, alignment: { scale } }: ShapeError): { scale: number; median: number; mean: number; deviation: number; points: number } => ({ scale, median, mean, deviation, points });

/** Curves that a chart holds in colours that are told apart: the mean face's and three more. */
const MOST_CURVES = 4;

/** Cumulative curves of the mean face and the first meshes. */
export function shapeChart(scores: readonly ShapeScore[], which: 'scaled' | 'unscaled', subtitle: string): LineChart {
  return {
    title: `Distance from the scan to the mesh, aligned ${which === 'scaled' ? 'with' : 'without'} scale`, subtitle,
    x: { label: 'distance, mm', min: 0, max: CURVE.end, step: 1 }, y: { label: 'share of the face area', min: 0, max: 1, step: 0.1 }, legendAt: 'right',
    series: scores.slice(0, MOST_CURVES).map((score) => ({ name: `${score.name}: median ${score[which].median.toFixed(2)} mm`, points: errorCurve(score[which]).map((p) => [p.distance, p.share] as const) })),
  };
}

/** Lines for a person; the first score is the mean face's. */
export function formatShapes(scores: readonly ShapeScore[]): string[] {
  const [mean] = scores as [ShapeScore], width = Math.max(...scores.map(({ name }) => name.length));
  return (['scaled', 'unscaled'] as const).flatMap((which) => [which === 'scaled' ? 'aligned with scale:' : 'aligned without scale:', ...scores.map((score) => {
    const { median, mean: average, deviation, points, alignment } = score[which], less = 1 - median / mean[which].median, lessMean = 1 - average / mean[which].mean;
    const change = (x: number): string => `${Math.abs(100 * x).toFixed(1)} % ${x < 0 ? 'above' : 'below'}`;
    const beside = score === mean ? '' : `; median ${change(less)}, mean ${change(lessMean)} the mean face's`;
    return `  ${score.name.padEnd(width)}  median ${median.toFixed(3)}, mean ${average.toFixed(3)}, deviation ${deviation.toFixed(3)} mm; scale ${alignment.scale.toFixed(4)}, seven points alone ${points.toFixed(2)} mm${beside}`;
  })]);
}

/** How much further than the face area the picture of its errors reaches. */
const MARGIN = 1.35;

/** The part of a scan about its face area, turned to look along +Z as the mesh does; distances go along. */
export function frontOf(scan: TriangleMesh, distance: ArrayLike<number>, { rotation: R }: Similarity, { center, radius }: { readonly center: readonly number[]; readonly radius: number }): { vertices: Float64Array; faces: Int32Array; distance: number[] } {
  const vertices: number[] = [], faces: number[] = [], distances: number[] = [], at = new Map<number, number>();
  const isNear = (v: number): boolean => Math.hypot(...center.map((x, k) => scan.vertices[3 * v + k]! - x)) <= MARGIN * radius;
  const place = (v: number): number => {
    const known = at.get(v);
    if (known !== undefined) return known;
    const d = center.map((x, k) => scan.vertices[3 * v + k]! - x);
    for (let k = 0; k < 3; k++) vertices.push(R[k]! * d[0]! + R[3 + k]! * d[1]! + R[6 + k]! * d[2]!); // R transposed: scan to mesh
    distances.push(distance[v]!);
    at.set(v, distances.length - 1);
    return distances.length - 1;
  };
  for (let f = 0; f < scan.faces.length; f += 3) {
    const corners = [...scan.faces.subarray(f, f + 3)];
    if (corners.every(isNear)) faces.push(...corners.map(place));
  }
  return { vertices: Float64Array.from(vertices), faces: Int32Array.from(faces), distance: distances };
}
