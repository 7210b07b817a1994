import { csrFromTriplets } from '../sparse/csr-from-triplets.ts';
import type { CsrMatrix } from '../sparse/csr-matrix.ts';

/** A surface whose every vertex is a fixed linear combination of a base mesh's vertices, so that morphs pass through it. */
export interface LinearSurface {
  /** `[V, N]`. */
  readonly matrix: CsrMatrix<Float64Array>;
  /** `[F, 3]`. */
  readonly faces: Int32Array;
}

/** One sparse row: base vertex -> weight. */
export type Row = ReadonlyMap<number, number>;

/** The linear combination of rows. */
export function combineRows(terms: readonly (readonly [Row, number])[]): Row {
  const out = new Map<number, number>();
  for (const [row, weight] of terms) for (const [col, value] of row) out.set(col, (out.get(col) ?? 0) + weight * value);
  return out;
}

/** Row `r` of a CSR matrix. */
export function rowOf({ rowPtr, colIndex, values }: CsrMatrix<Float64Array>, r: number): Row {
  const out = new Map<number, number>();
  for (let p = rowPtr[r]!; p < rowPtr[r + 1]!; p++) out.set(colIndex[p]!, values[p]!);
  return out;
}

/** Stacks rows into a `[rows.length, cols]` matrix; weights below 1e-12 are left out. */
export function matrixFromRows(rows: readonly Row[], cols: number): CsrMatrix<Float64Array> {
  const r: number[] = [], c: number[] = [], values: number[] = [];
  rows.forEach((row, i) => row.forEach((value, col) => {
    if (Math.abs(value) > 1e-12) { r.push(i); c.push(col); values.push(value); }
  }));
  return csrFromTriplets([rows.length, cols], r, c, Float64Array.from(values));
}

/** What {@link clipSurface} carries per vertex. */
export interface ClippableSurface {
  /** Per vertex: its row of base vertices, and its position on the mean head. */
  readonly rows: Row[];
  readonly positions: number[][];
  faces: number[][];
}

/**
 * Cuts away the part of a surface where a linear field is negative, leaving a straight border.
 *
 * Vertices within a third of an edge of the border are first slid onto it along that edge, so that no sliver is left.
 * `onCreate(a, b, t)` hears of each vertex made at (1 - t) a + t b.
 */
export function clipSurface(surface: ClippableSurface, field: (p: readonly number[]) => number, onMove: (v: number, a: number, b: number, t: number) => void): void {
  const { rows, positions } = surface, s = positions.map(field);
  const moved = new Map<number, { to: number; t: number }>();
  for (const f of surface.faces) {
    for (let k = 0; k < 3; k++) {
      for (const [a, b] of [[f[k]!, f[(k + 1) % 3]!], [f[(k + 1) % 3]!, f[k]!]] as const) {
        if (s[a]! * s[b]! >= 0) continue;
        const t = s[a]! / (s[a]! - s[b]!), before = moved.get(a);
        if (t < 0.35 && (!before || t < before.t - 1e-9)) moved.set(a, { to: b, t });
      }
    }
  }
  const between = (a: number, b: number, t: number): { row: Row; position: number[] } => ({
    row: combineRows([[rows[a]!, 1 - t], [rows[b]!, t]]), position: positions[a]!.map((x, k) => (1 - t) * x + t * positions[b]![k]!),
  });
  const slid = [...moved].map(([v, { to, t }]) => ({ v, to, t, ...between(v, to, t) }));
  for (const { v, to, t, row, position } of slid) {
    rows[v] = row;
    positions[v] = position;
    s[v] = 0;
    onMove(v, v, to, t);
  }
  const made = new Map<string, number>();
  const cut = (a: number, b: number): number => {
    const [low, high] = a < b ? [a, b] : [b, a], key = `${low} ${high}`;
    let v = made.get(key);
    if (v === undefined) {
      const t = s[low]! / (s[low]! - s[high]!), { row, position } = between(low, high, t);
      made.set(key, v = rows.length);
      rows.push(row);
      positions.push(position);
      onMove(v, low, high, t);
    }
    return v;
  };
  surface.faces = surface.faces.flatMap((f) => {
    if (f.every((v) => s[v]! >= 0)) return f.some((v) => s[v]! > 0) ? [f] : [];
    const polygon: number[] = [];
    for (let k = 0; k < 3; k++) {
      const a = f[k]!, b = f[(k + 1) % 3]!;
      if (s[a]! >= 0) polygon.push(a);
      if (s[a]! * s[b]! < 0) polygon.push(cut(a, b));
    }
    return polygon.slice(2).map((v, i) => [polygon[0]!, polygon[i + 1]!, v]).filter(([a, b, c]) => a !== b && b !== c && c !== a);
  });
}
